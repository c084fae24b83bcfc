/** `current.json` tells of resolved incidents of the last 90 days, at most this many. */
export const maxRecentIncidents = 10;

/** `incidents.json` lists this many resolved incidents at most; the months hold them all. */
export const maxListedIncidents = 50;

/** A component's page lists its newest resolved incidents, at most this many. */
export const maxPastIncidents = 20;
