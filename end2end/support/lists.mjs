// Discovery lists of invented people, as the files in which agencies send them. Nobody in them exists: every name is numbered.

/** The columns. */
export const HEADER = ["차수", "성명", "출생연도", "성별", "연락처", "행정동코드", "주소", "위기정보", "비고"];

const SYLLABLES = [..."가나다라마바사아자차카타파하"];

/** A name that no demo person has; `family` keeps the people of one test apart from those of another. */
export function inventedName(family, n) {
  const syllable = (power) => SYLLABLES[Math.floor(n / SYLLABLES.length ** power) % SYLLABLES.length];
  return `${family}${syllable(0)}${syllable(1)}${syllable(2)}`;
}

/** `count` people of round `round`; the first of them has the most urgent indicators. */
export function people(round, family, count, dongs) {
  return Array.from({ length: count }, (_, n) => [
    round,
    inventedName(family, n),
    String(1930 + (n % 70)),
    n % 2 ? "남" : "여",
    "",
    dongs[n % dongs.length],
    "",
    n === 0 ? "I01;I02;I17" : "I05",
    "",
  ]);
}

const text = (rows) => [HEADER, ...rows].map((row) => row.join(",")).join("\r\n");

/** As CSV in UTF-8. */
export const csv = (rows, name = "list.csv") => ({ name, mimeType: "text/csv", buffer: Buffer.from(text(rows)) });

/** Two bytes for each character that CP949 has besides ASCII: found by asking the decoder. */
function cp949() {
  const decoder = new TextDecoder("euc-kr");
  const bytes = new Map();
  for (let lead = 0x81; lead <= 0xfd; lead += 1) {
    for (let trail = 0x41; trail <= 0xfe; trail += 1) {
      const found = decoder.decode(Uint8Array.of(lead, trail));
      if (found.length === 1 && found !== "\ufffd") bytes.set(found, [lead, trail]);
    }
  }
  return bytes;
}

/** As CSV in CP949, which Korean spreadsheets save by default. */
export function csvInCp949(rows) {
  const bytes = cp949();
  const buffer = Buffer.from([...text(rows)].flatMap((letter) => bytes.get(letter) ?? [letter.charCodeAt(0)]));
  return { name: "list.csv", mimeType: "text/csv", buffer };
}

function crc32(buffer) {
  let crc = ~0;
  for (const byte of buffer) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** An archive whose files are stored as they are. */
function archive(files) {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const [path, content] of files) {
    const [name, body] = [Buffer.from(path), Buffer.from(content)];
    // Version 20, no flags, stored, no time; then checksum, both sizes, and how long the name is.
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt32LE(crc32(body), 10);
    about.writeUInt32LE(body.length, 14);
    about.writeUInt32LE(body.length, 18);
    about.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from("PK\x03\x04"), about, name, body);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), about, place, name);
    at += 30 + name.length + body.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, listed, Buffer.from("PK\x05\x06"), end]);
}

/** As XLSX. */
export function xlsx(rows) {
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const relations = (type, target) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
    `<Relationship Id="r1" Type="${office}/${type}" Target="${target}"/></Relationships>`;
  const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`;
  const cell = (value) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  const lines = [HEADER, ...rows].map((row) => `<row>${row.map(cell).join("")}</row>`);
  const buffer = archive([
    ["_rels/.rels", relations("officeDocument", "xl/workbook.xml")],
    ["xl/_rels/workbook.xml.rels", relations("worksheet", "worksheets/sheet1.xml")],
    ["xl/workbook.xml", `<workbook ${main} xmlns:r="${office}"><sheets><sheet name="list" sheetId="1" r:id="r1"/></sheets></workbook>`],
    ["xl/worksheets/sheet1.xml", `<worksheet ${main}><sheetData>${lines.join("")}</sheetData></worksheet>`],
  ]);
  return { name: "list.xlsx", mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", buffer };
}
