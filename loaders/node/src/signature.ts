/**
 * The signature beside a table: minisign's, over the bytes of the file.
 *
 * The bytes hold the digest, so that a signature vouches for the digest and for the form that it was written in.
 */

import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";

import { type Code, Refusal } from "./refusal.js";

/** The longest signature file, in bytes: minisign's comments end long before. */
const MAX_BYTES = 16 * 1024;

/** The greatest serial number. */
const MAX_SERIAL = (1n << 64n) - 1n;

const UNTRUSTED = "untrusted comment: ";
const TRUSTED = "trusted comment: ";
const PUBLIC_BYTES = 42;
const SECRET_BYTES = 158;
const SIGNATURE_BYTES = 74;
const GLOBAL_BYTES = 64;

/** What stands before the 32 bytes of an Ed25519 key in the form that Node reads. */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

const MISSING =
  "it has no signature, and with a trusted key only signed tables are loaded; put the `.sig` file that " +
  "`govctl compile --sign-key` writes beside it";
const NO_KEY =
  "it has a signature and there is no trusted key to check it with; give the public key of whoever signs";
const OLD_FORM =
  "its signature has minisign's old form, which is not accepted; sign it again without `minisign -l`";
const CHANGED =
  "its signature does not fit: the table or the signature was changed after it was signed; fetch both again, " +
  "or compile and sign the policy again";

/** A public key whose signatures are trusted. */
export class TrustedKey {
  private constructor(
    /** What minisign calls the key: 16 hexadecimal digits. */
    readonly id: string,
    /** Ed25519. */
    readonly key: KeyObject,
  ) {}

  /** Reads the `.pub` file that `minisign -G` made, or its second line alone; otherwise refuses with `key`. */
  static parse(text: string): TrustedKey {
    const [first = "", second = ""] = text.split(/\r?\n/);
    const data = decode((first.startsWith("untrusted comment:") ? second : first).trim());
    let what = "this is not a public key of minisign";
    if (data.length === SECRET_BYTES) what = "this is a secret key, which belongs only where tables are signed";
    if (data.length === SIGNATURE_BYTES) what = "this is a signature";
    if (data.length !== PUBLIC_BYTES || data.toString("latin1", 0, 2) !== "Ed") {
      throw refused("key", `${what}; give the \`.pub\` file that \`minisign -G\` made, or its second line`);
    }
    const der = Buffer.concat([SPKI, data.subarray(10)]);
    return new TrustedKey(keyId(data), createPublicKey({ key: der, format: "der", type: "spki" }));
  }
}

/** A signature that fits. */
export interface Signed {
  keyId: string;
  /** The digest that it names; one that minisign made by itself names none. */
  digest: string | undefined;
  /** The serial number that it states, if it states one. */
  serial: bigint | null;
}

/** Checks the signature of a table's bytes; without trusted keys a table needs none. */
export function checkSignature(
  data: Uint8Array,
  signature: Uint8Array | undefined,
  keys: readonly TrustedKey[],
  allowUnsigned: boolean,
): Signed | undefined {
  if (keys.some((key) => !(key instanceof TrustedKey))) {
    throw refused("key", "what was given as a trusted key is none; give `TrustedKey` or the text of a `.pub` file");
  }
  if (!signature) {
    if (keys.length && !allowUnsigned) throw refused("unsigned", MISSING);
    return undefined;
  }
  if (!(signature instanceof Uint8Array)) {
    throw refused("signature", "what was given as its signature is not bytes; give those of the `.sig` file");
  }
  if (!keys.length) throw refused("key", NO_KEY);
  const found = parse(signature);
  const candidates = keys.filter((key) => key.id === found.keyId);
  if (!candidates.length) {
    const trusted = keys.map((key) => `\`${key.id}\``).join(", ");
    throw refused("key", `its signature was made with the key \`${found.keyId}\`, which is none of ${trusted}`);
  }
  if (!found.prehashed) throw refused("signature", OLD_FORM);
  const message = createHash("blake2b512").update(data).digest();
  const whole = Buffer.concat([found.own, Buffer.from(found.comment)]);
  for (const { key } of candidates) {
    if (verify(null, message, key, found.own) && verify(null, whole, key, found.global)) {
      return { keyId: found.keyId, digest: namedDigest(found.comment), serial: namedSerial(found.comment) };
    }
  }
  throw refused("signature", CHANGED);
}

/** A signature that names a digest names that of its table. */
export function checkDigest(signed: Signed | undefined, digest: string): void {
  if (signed?.digest !== undefined && signed.digest !== digest) {
    throw refused(
      "signature",
      "its signature is of another table: it names another digest; take both files of one `govctl compile`",
    );
  }
}

/** Refuses a table that is older than another one. */
export function checkSerial(serial: bigint | null, least: number | bigint | null | undefined): void {
  if (least === null || least === undefined) return;
  const isWhole = typeof least === "bigint" || Number.isSafeInteger(least);
  if (!isWhole || least < 0 || least > MAX_SERIAL) {
    throw refused("expired", "the least serial number that the loader was given is none");
  }
  if (serial === null) {
    throw refused(
      "unsigned",
      `no signature states its serial number, and ${least} is the least that is accepted; compile it with \`--serial\` ` +
        "and `--sign-key`",
    );
  }
  if (serial < least) {
    throw refused("expired", `its serial number is ${serial}, and a table with ${least} was taken before`);
  }
}

interface Parsed {
  prehashed: boolean;
  keyId: string;
  own: Buffer;
  comment: string;
  global: Buffer;
}

function parse(signature: Uint8Array): Parsed {
  if (signature.byteLength > MAX_BYTES) throw foreign(`it is larger than ${MAX_BYTES} bytes`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(signature);
  } catch {
    throw foreign("it is not UTF-8 text");
  }
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  if (lines.at(-1) === "") lines.pop();
  if (lines.length !== 4) throw foreign(`it has ${lines.length} lines, not 4`);
  const [untrusted = "", first = "", trusted = "", second = ""] = lines;
  if (!untrusted.startsWith(UNTRUSTED)) throw foreign(`its line 1 does not begin with \`${UNTRUSTED.trim()}\``);
  if (!trusted.startsWith(TRUSTED)) throw foreign(`its line 3 does not begin with \`${TRUSTED.trim()}\``);
  const own = decode(first);
  const global = decode(second);
  if (own.length !== SIGNATURE_BYTES) throw foreign(`its line 2 is not ${SIGNATURE_BYTES} bytes in base64`);
  if (global.length !== GLOBAL_BYTES) throw foreign(`its line 4 is not ${GLOBAL_BYTES} bytes in base64`);
  const algorithm = own.toString("latin1", 0, 2);
  if (algorithm !== "ED" && algorithm !== "Ed") throw foreign("its line 2 names another algorithm");
  return {
    prehashed: algorithm === "ED",
    keyId: keyId(own),
    own: own.subarray(10),
    comment: trusted.slice(TRUSTED.length),
    global,
  };
}

function namedDigest(comment: string): string | undefined {
  const field = comment.split("\t").find((one) => one.startsWith("digest:"));
  return field?.slice("digest:".length);
}

/** The serial number that a trusted comment states; null where it states none, or something else. */
function namedSerial(comment: string): bigint | null {
  const field = comment.split("\t").find((one) => one.startsWith("serial:"));
  const text = field?.slice("serial:".length) ?? "";
  const serial = /^(?:0|[1-9][0-9]{0,19})$/.test(text) ? BigInt(text) : null;
  return serial !== null && serial <= MAX_SERIAL ? serial : null;
}

/** The bytes of a text; none where it is not base64, or not the only one of these bytes. */
function decode(text: string): Buffer {
  const data = Buffer.from(text, "base64");
  return data.toString("base64") === text ? data : Buffer.alloc(0);
}

function keyId(data: Buffer): string {
  return data.readBigUInt64LE(2).toString(16).toUpperCase().padStart(16, "0");
}

function refused(code: Code, text: string): Refusal {
  return new Refusal(code, "", text);
}

function foreign(why: string): Refusal {
  return refused("signature", `what stands beside it is not a minisign signature: ${why}`);
}
