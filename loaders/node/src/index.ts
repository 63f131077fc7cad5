/** Loads govctl decision tables and answers where a request goes. */

export { Decision, type Failover, type Outage, type Path, type Route, type Rule, type Target } from "./answer.js";
export { Live } from "./live.js";
export type { Action, Audit, Budget, Model, Prices, Quota, RawTable, Terminal } from "./raw.js";
export { type Code, Refusal } from "./refusal.js";
export type { Json } from "./scan.js";
export { FORMAT, type Trigger, TRIGGERS } from "./shape.js";
export { TrustedKey } from "./signature.js";
export { load, type LoadOptions, type Percent, type Request, Table } from "./table.js";
