/** What a form of filters ends with: applying them, and the address without any. */
export function FilterActions({ clear }: { clear: string }) {
  return (
    <div class="filter-actions">
      <button class="button" type="submit">Filter</button>
      <a href={clear}>Clear</a>
    </div>
  );
}
