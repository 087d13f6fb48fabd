export default function Links() {
  return (
    <nav>
      <a href="/links/here">Here</a>
      <a href="/links/here/?by=name">Here by name</a>
      <a href="/links/here?by=date">Here by date</a>
      <a href="/links/here?by=size" aria-current="false">Here by size</a>
      <a href="/links">Above</a>
      <a href="/links/her">Beside</a>
      <a href="/users">Elsewhere</a>
    </nav>
  );
}
