// SPDX-License-Identifier: Apache-2.0
import { define } from "../components/element.js";
import { ResultBar } from "../components/result-bar/result-bar.js";
import { ResultHistory } from "../components/result-history/result-history.js";
import { SurviveView } from "../components/survive-view/survive-view.js";
import { TrialChart } from "../components/trial-chart/trial-chart.js";

define({
  "result-bar": ResultBar,
  "result-history": ResultHistory,
  "trial-chart": TrialChart,
  "survive-view": SurviveView,
});
