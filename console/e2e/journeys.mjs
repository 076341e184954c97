// What people do in the console, one after the other, in one installation.

import { takeCalls } from "./journeys/calls.mjs";
import { makeCampaign, uploadLeads } from "./journeys/campaign.mjs";
import { exportReports, openTimeline, readDashboard } from "./journeys/records.mjs";
import { join, setUp } from "./journeys/set-up.mjs";
import { tour, tourOutside } from "./journeys/tour.mjs";

/** Every journey, in its order. */
export const journeys = [
  ["an empty installation is set up", setUp],
  ["a campaign is made", makeCampaign],
  ["leads are uploaded, with a column that is named by hand", uploadLeads],
  ["an invited agent comes to its desk", join],
  ["an agent takes a call, declines one and misses one, by keyboard, and the manager looks on", takeCalls],
  ["a call is looked up", openTimeline],
  ["reports are exported", exportReports],
  ["the dashboard is read", readDashboard],
  ["every page is looked at", tour],
  ["pages in front of the login are looked at", tourOutside],
];
