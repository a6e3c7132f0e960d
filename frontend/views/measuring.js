// SPDX-License-Identifier: Apache-2.0
import { CompareView } from "../components/compare-view/compare-view.js";
import { define } from "../components/element.js";
import { LineChart } from "../components/line-chart/line-chart.js";
import { ResultBar } from "../components/result-bar/result-bar.js";
import { ResultHistory } from "../components/result-history/result-history.js";
import { SurviveView } from "../components/survive-view/survive-view.js";
import { TrialChart } from "../components/trial-chart/trial-chart.js";

define({
  "line-chart": LineChart,
  "trial-chart": TrialChart,
  "result-bar": ResultBar,
  "result-history": ResultHistory,
  "survive-view": SurviveView,
  "compare-view": CompareView,
});
