import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "./support/harness.ts";
import { render } from "preact-render-to-string";
import { h } from "preact";
import { Code } from "../components/Code.tsx";
import { Secrets } from "../components/Secrets.tsx";
import {
  findSecrets,
  findSecretsInLines,
  MASK,
  maskSecrets,
  splitSecrets,
} from "../lib/secrets/secrets.ts";

// Put together here, so that nobody who looks for secrets finds any in this file.
const A = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
const KEY_LINE = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";

const SECRETS: [text: string, secret: string][] = [
  [`use ${"AK"}IAQ7F3J5X2M9T8R4ZB please`, `${"AK"}IAQ7F3J5X2M9T8R4ZB`],
  [`key sk-${"ant"}-api03-${A}-x`, `sk-${"ant"}-api03-${A}-x`],
  [`git clone with ghp_${A}!`, `ghp_${A}`],
  [`//npm/:_authToken=npm_${A}`, `npm_${A}`],
  [`xoxb-${"123456789012"}-abcDEF`, `xoxb-${"123456789012"}-abcDEF`],
  [
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN`,
  ],
  ["postgres://ada:hunter22@db.local/app", "hunter22"],
  ["curl -H 'Authorization: Bearer abc123DEF456ghi789'", "abc123DEF456ghi789"],
  [`STRIPE_SECRET_KEY=rk${"_live"}_${A}`, `rk${"_live"}_${A}`],
  ["export DB_PASSWORD='s3cr3t-pass!'", "s3cr3t-pass!"],
  ['  password: "correct1horse2battery",', "correct1horse2battery"],
  [
    `-----BEGIN RSA PRIVATE KEY-----\n${KEY_LINE}\n-----END RSA PRIVATE KEY-----`,
    `\n${KEY_LINE}\n`,
  ],
  [KEY_LINE, KEY_LINE],
];

/** Tokens as their makers shape them, with a space where nobody may find them by searching. */
const SHAPES = [
  `gl pat-${A}`,
  `gs k_${A}`,
  `xa i-${A}`,
  `r 8_${A}`,
  `whs ec_${A}`,
  `xap p-1-A01-123-${A}`,
  `py pi-AgEIcHlwaS5vcmc${A}`,
  `S G.${A.slice(0, 22)}.${A}`,
  `MTA5ODc2 NTQzMjEwOTg3NjU0.GaBcDe.${A}`,
  `1234 56789:AAH${A.slice(0, 32)}`,
  `dop _v1_${"0123456789abcdef".repeat(4)}`,
  `lin_ api_${A}`,
  `dap i${"0123456789abcdef".repeat(2)}`,
  `hv s.${A}`,
  `shp at_${"0123456789abcdef".repeat(2)}`,
  `ATAT T3xFfGF0${A}`,
  `ya 29.${A}`,
  `AGE-SECRET- KEY-1${"QPZRY9X8GF2TVDW0".repeat(3)}`,
].map((shape) => shape.replace(" ", ""));

/** Values that only what stands before them gives away; each ends its text. */
const NAMED = [
  "aws_secret_access_key = ",
  "x-api-key: ",
  "https://example.org/?access_token=",
  "AccountName=a;AccountKey=",
  "//registry/:_authToken=",
  "PrivateKey = ",
  "tool --api-key ",
  "tool --token=",
  "machine example.org login ada password ",
  "sshpass -p ",
  "curl -s -u ada:",
  "docker login -u ada -p ",
  "mysql -uada -p",
  "Cookie: session=",
  "db_password: ",
].map((before) => `${before}${A}`);

const PLAIN = [
  "tokenize = 'unicode61'; maxTokens: 4096000",
  "password: z.string().min(8),",
  "const apiKey = config.v1.key2;",
  "token: string|null|undefined1;",
  "secretsPath: src/a1/b2/secrets",
  "token_url: https://example.org/v2/token",
  "passwordHash = await hashPassword2(password)",
  "SK8 board, hf_hub, dp.x, SG.y and a login form password",
  "the token is expired, ask for a password reset",
  "const token = await readToken(request);",
  "token: string | null;",
  "ASCRIBE_TOKEN must be set",
  "API_KEY=<your key>",
  "API_KEY=${API_KEY}",
  "API_KEY=your-api-key-here",
  "password: process.env.PASSWORD,",
  'type: "password",',
  'tokenName = "refresh_token"',
  'secret = "changeme123"',
  "https://example.org:8080/a@b",
  "ssh://git@example.org/repo.git",
  "http://[::1]:47892/",
  "9bb5bca7c2f1de02ab34cd56ef7890129bb5bca7",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "sk-learn-is-a-library-for-machine-learning",
  "import { maskSecrets } from './lib/secrets_and_more.ts'",
  '"integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="',
  "keyboard shortcuts: press the key g, then s",
];

describe("what is likely to be a secret", () => {
  it("is found, and nothing around it", () => {
    for (const [text, secret] of SECRETS) {
      assertEquals(
        findSecrets(text).map(({ start, end }) => text.slice(start, end)),
        [secret],
        text,
      );
    }
  });

  it("is every shape that tokens are known to have", () => {
    for (const shape of SHAPES) assertEquals(maskSecrets(`(${shape})`), `(${MASK})`, shape);
    for (const text of NAMED) {
      assertEquals(maskSecrets(text), text.slice(0, -A.length) + MASK, text);
    }
  });

  it("is a key line by line, to its last one, whatever is cut off", () => {
    const wide = `${KEY_LINE}${KEY_LINE.slice(0, 6)}`;
    const begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
    const file = [
      "before",
      begin,
      wide,
      wide,
      "AAAEBq4=",
      "-----END OPENSSH PRIVATE KEY-----",
      "x",
    ];
    const hidden = (lines: string[]) =>
      findSecretsInLines(lines).map((spans, i) =>
        spans.map(({ start, end }) => lines[i].slice(start, end)).join()
      );
    assertEquals(hidden(file), ["", "", wide, wide, "AAAEBq4=", "", ""]);
    assertEquals(hidden(file.slice(2)), [wide, wide, "AAAEBq4=", "", ""]);
    assertEquals(hidden(file.slice(3, 5)), [wide, "AAAEBq4="]);
    assertEquals(hidden(["a", "", "token=" + A]), ["", "", A]);
    const encrypted = [begin, "Proc-Type: 4,ENCRYPTED", "", "MIIEpA", "-----END"];
    assertEquals(hidden(encrypted), ["", "Proc-Type: 4,ENCRYPTED", "", "MIIEpA", ""]);
  });

  it("is not what only speaks of one", () => {
    for (const text of PLAIN) assertEquals(maskSecrets(text), text);
  });

  it("leaves every other letter where it was", () => {
    const words = fc.constantFrom(...SECRETS.map(([text]) => text), ...PLAIN, "\n", " ", "=");
    fc.assert(fc.property(fc.array(words, { maxLength: 8 }), (parts) => {
      const text = parts.join(" ");
      assertEquals(splitSecrets(text).map((piece) => piece.text).join(""), text);
    }));
  });

  it("is looked for in no more time than reading takes, whatever the text", () => {
    const pieces = [
      "a",
      "A_",
      "TOKEN_",
      "://a:",
      "eyJ",
      "secret=",
      'secret = "',
      "-----BEGIN RSA ",
    ];
    pieces.push(
      "-----BEGIN PRIVATE KEY-----\n",
      "sk-ab1-",
      "authorization: bearer ",
      "export ",
      "a.",
    );
    pieces.push(
      " ",
      "\n",
      "AKIA",
      "xox",
      `${KEY_LINE}\n`,
      "curl ",
      "docker login ",
      "login a ",
      "--token ",
    );
    const texts = pieces.map((piece) => `${piece.repeat(1_000_000 / piece.length)} token`);
    for (const text of texts) {
      const before = performance.now();
      findSecrets(text);
      const took = performance.now() - before;
      assertEquals(took < 3_000, true, `${text.slice(0, 20)}: ${took} ms`);
    }
  });
});

describe("a page", () => {
  it("shows a mask that opens without JavaScript", () => {
    const html = render(h(Secrets, { text: "DB_PASSWORD=s3cr3t-pass! <b>" }));
    assertEquals(html.includes(MASK) && html.includes('type="checkbox"'), true, html);
    assertEquals(html.includes('<span class="secret-text">s3cr3t-pass!</span>'), true, html);
    assertEquals(html.includes("&lt;b>"), true, html);
    assertEquals(render(h(Secrets, { text: "nothing" })), "nothing");
  });

  it("masks a secret in a line of code across its colours", () => {
    const html = render(h(Code, {
      line: [
        ["password", "attr"],
        ": ",
        ['"correct1horse2', "string"],
        ['battery"', "string"],
        ";",
      ],
    }));
    const shown = html.replace(/<span class="secret-text">.*?<\/span><\/span>/, "");
    assertEquals(shown.includes("correct1"), false, html);
    assertEquals(
      html.replace(/<[^>]*>/g, "").replaceAll("&quot;", '"'),
      `password: "${MASK}correct1horse2battery";`,
    );
  });
});
