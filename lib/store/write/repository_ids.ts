import { distinct, shortHash, slugOf } from "../../text/slug.ts";

/** A connection that writes. */
interface Connection {
  all<Row>(sql: string): Row[];
  run(sql: string, ...values: (string | number)[]): unknown;
  transaction<Result>(work: () => Result): Result;
}

interface Row {
  id: number;
  name: string;
  common_dir: string;
  roots: string;
  remotes: string;
  public_id: string | null;
  slug: string | null;
}

/**
 * Gives every repository its id and the slug of its name, changing those alone that differ. Of several clones of one
 * history the first by path has the root commit's hash to itself.
 */
export function assignRepositoryIds(db: Connection): void {
  const rows = db.all<Row>(
    `SELECT id, name, common_dir, roots, remotes, public_id, slug FROM repositories
    ORDER BY path, id`,
  );
  const ids = distinct(rows.map(ownId));
  const slugs = distinct(rows.map(({ name }) => slugOf(name)));
  const changed = rows.map(({ id }, i) => ({ key: id, id: ids[i], slug: slugs[i] }))
    .filter(({ id, slug }, i) => id !== rows[i].public_id || slug !== rows[i].slug);
  if (changed.length === 0) return;
  db.transaction(() => {
    // One may get what another had.
    for (const { key } of changed) {
      db.run("UPDATE repositories SET public_id = NULL, slug = NULL WHERE id = ?", key);
    }
    for (const { key, id, slug } of changed) {
      db.run("UPDATE repositories SET public_id = ?, slug = ? WHERE id = ?", id, slug, key);
    }
  });
}

function ownId({ common_dir, roots, remotes }: Row): string {
  const [root] = JSON.parse(roots) as string[];
  const [remote] = JSON.parse(remotes) as string[];
  return root ?? (remote === undefined ? undefined : remoteId(remote)) ??
    `folder-${shortHash(common_dir)}`;
}

/** A remote's host and path as a part of an address, however its URL is spelled; undefined for a path of this machine. */
export function remoteId(url: string): string | undefined {
  const match = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/:]+)(?::\d+)?\/(.+)$/i.exec(url) ??
    /^(?:[^/@:]+@)?([^/:]{2,}):(?!\/\/)(.+)$/.exec(url);
  if (match === null) return undefined;
  const [, host, path] = match;
  const parts = path.replace(/\.git\/?$/, "").split("/").filter((part) => part !== "");
  const id = [host.toLowerCase(), ...parts].join(":").replace(/[^\w.:~-]/g, "-");
  return /^\.{1,2}$/.test(id) ? undefined : id;
}
