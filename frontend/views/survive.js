import { define } from "../components/element.js";
import { ResultBar } from "../components/result-bar/result-bar.js";
import { SurviveView } from "../components/survive-view/survive-view.js";
import { TrialChart } from "../components/trial-chart/trial-chart.js";

define({ "result-bar": ResultBar, "trial-chart": TrialChart, "survive-view": SurviveView });
