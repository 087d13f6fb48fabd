import { useEffect, useState } from "preact/hooks";

export interface Held {
  text: string;
  date: Date;
  map: Map<string, Set<number>>;
  big: bigint;
  url: URL;
  numbers: number[];
  nothing: undefined;
  self?: Held;
  twins: [object, object];
}

/** Says in words what it was given, once it runs in a browser. */
export default function Values({ held }: { held: Held }) {
  const [words, setWords] = useState("");
  useEffect(() => {
    const { text, date, map, big, url, numbers, nothing, self, twins } = held;
    const parts = [
      text,
      date.toISOString(),
      [...map.get("a")!].join("+"),
      typeof big + big,
      url.hostname,
      numbers.map((number) => Object.is(number, -0) ? "-0" : String(number)).join(" "),
      String(nothing),
      self === held ? "cycle" : "copy",
      twins[0] === twins[1] ? "same" : "different",
    ];
    setWords(parts.join("|"));
  }, []);
  return <p id="values">{words}</p>;
}
