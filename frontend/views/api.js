// SPDX-License-Identifier: Apache-2.0
import { ApiView } from "../components/api-view/api-view.js";
import { define } from "../components/element.js";

define({ "api-view": ApiView });
