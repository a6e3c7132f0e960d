// SPDX-License-Identifier: Apache-2.0
/** A library of the page, which the service has from elsewhere. */
declare const library: any;
export default library;
