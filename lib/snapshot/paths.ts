/** The page of an incident, below the page's address; a permalink for ever. */
export function incidentPage(id: string): string {
  return `/incidents/${id}/`;
}

/** The page of a month, `YYYY-MM`. */
export function monthPage(month: string): string {
  return `/history/${month}/`;
}

/** The JSON file of an incident or of a month. */
export function incidentJson(name: string): string {
  return `/api/v1/status/incidents/${name}.json`;
}

/** The month (UTC) that an instant lies in: `YYYY-MM`. */
export function monthOf(instant: string): string {
  return instant.slice(0, 7);
}

/** The file, below the page's folder, that holds the page or the JSON at `path`. */
export function fileAt(path: string): string {
  return path.endsWith('/') ? `${path.slice(1)}index.html` : path.slice(1);
}
