export default function Picture() {
  return <img src="/images/dot.svg" alt="A dot" />;
}
