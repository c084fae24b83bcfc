/** `current.json` tells of resolved incidents of the last 90 days, at most this many. */
export const maxRecentIncidents = 10;
