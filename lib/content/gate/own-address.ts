/** What is to be judged of a text, given what is public of it. */
export interface OwnAddresses {
  /** Of a text of its own: all but an own address that it begins with. */
  readonly restOfText: (text: string) => string[];
  /** The same of an address; nothing of one that leads to a file which every page has. */
  readonly restOfAddress: (address: string) => string[];
}

/** The page's own addresses: `addresses` (of the page, and of its endpoint) and the paths that a build gives to its files. */
export function ownAddresses(addresses: readonly string[]): OwnAddresses {
  const bases = addresses.map((address) => address.replace(/\/+$/, ''));
  const folders = new Set(addresses.flatMap((address) => (URL.canParse(address) ? [new URL(address).pathname] : [])));
  const isOwnPath = (path: string) =>
    ownPath.test(path) ||
    Array.from(folders).some((folder) => path.startsWith(folder) && ownPath.test(below(path, folder)));
  const restOfText = (text: string) => {
    const base = bases.find((own) => text.startsWith(own) && /^(?:[/?#]\S*)?$/.test(text.slice(own.length)));
    const rest = base === undefined ? text : text.slice(base.length);
    return rest === '' || rest === '/' ? [] : [rest];
  };
  const restOfAddress = (address: string) => restOfText(address).filter((rest) => !isOwnPath(rest));
  return { restOfText, restOfAddress };
}

const below = (path: string, folder: string) => `/${path.slice(folder.length).replace(/^\//, '')}`;

const id = '[a-z0-9]+(?:-[a-z0-9]+)*';
/** Paths of pages, documents and assets. The ids in them were judged where the content was checked. */
const ownPath = new RegExp(
  `^(?:#main|/(?:(?:incidents|components)/${id}/|history/(?:\\d{4}-\\d{2}/)?|current\\.json|api/v1/status/(?:incidents/)?${id}\\.json|marks/[a-z_]+\\.svg|_astro/[\\w.-]+\\.[\\w-]{8}\\.(?:css|js|woff2))?)$`,
);
