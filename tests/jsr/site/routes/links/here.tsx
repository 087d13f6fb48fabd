export default function Links() {
  return (
    <nav>
      <a href="/links/here">Here</a>
      <a href="/links">Above</a>
      <a href="/users">Elsewhere</a>
    </nav>
  );
}
