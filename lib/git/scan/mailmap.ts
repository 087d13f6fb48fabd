/** A longer `.mailmap` is not read. */
const MAX_BYTES = 262_144;
/** So many addresses of one person are kept. */
const MAX_ADDRESSES = 200;

/** A line of a `.mailmap`: whoever commits by an address, under a name where there is one, is called by another. */
interface Mapping {
  proper: string;
  address: string;
  name: string | null;
}

/**
 * Reads the other addresses of whoever has an address from the `.mailmap` of a checkout.
 *
 * The file is read as it lies there: no link is followed, and git is not asked, whose configuration may name any file.
 *
 * @returns In lower case, and with a tab and a name where only that name with the address is meant; none where there is
 *   no such file, or it is too long.
 */
export async function readOwnAddresses(folder: string, email: string): Promise<string[]> {
  const path = `${folder}/.mailmap`;
  try {
    const { isFile, size } = await Deno.lstat(path);
    if (!isFile || size > MAX_BYTES) return [];
    return ownAddresses(await Deno.readTextFile(path), email);
  } catch {
    return [];
  }
}

/** The other addresses of whoever has an address, by the text of a `.mailmap`. */
export function ownAddresses(mailmap: string, email: string): string[] {
  const mappings = mailmap.split("\n").flatMap(mappingOf);
  const own = email.toLowerCase();
  const proper = mappings.find(({ address, name }) => address === own && name === null)?.proper ??
    own;
  const found = new Set<string>();
  if (proper !== own) found.add(proper);
  for (const { proper: other, address, name } of mappings) {
    if (other !== proper || (address === own && name === null)) continue;
    found.add(name === null ? address : `${address}\t${name}`);
  }
  return [...found].slice(0, MAX_ADDRESSES);
}

/** `Proper Name <proper> Name <address>`, with either name or both left out; of one address alone nothing is mapped. */
function mappingOf(line: string): Mapping[] {
  const [, proper, name, address] = /^[^<#]*<([^<>]+)>([^<>]*)<([^<>]+)>/.exec(line) ?? [];
  if (address === undefined) return [];
  return [{
    proper: proper.trim().toLowerCase(),
    address: address.trim().toLowerCase(),
    name: name.trim() === "" ? null : name.trim().toLowerCase(),
  }];
}
