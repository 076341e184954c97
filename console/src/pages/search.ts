/** The search params of every page, each read in the page's own folder. */
export { agent, agents } from "./agents/search";
export { call, calls } from "./calls/search";
export { campaign, campaigns } from "./campaigns/search";
export { dashboard } from "./dashboard/search";
export { dnc } from "./dnc/search";
export { importRows, imports } from "./imports/search";
export { lead, leads } from "./leads/search";
export { live } from "./live/search";
export { login, token } from "./login/search";
export { reports } from "./reports/search";
export { settings } from "./settings/search";
