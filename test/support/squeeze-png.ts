import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 256;

/** Width and height of a PNG, in pixels; throws when it is none. */
export function pngSize(png: Buffer): { width: number; height: number } {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error("not a PNG");
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

/**
 * The same picture with a palette, a third of the size: a user interface has few colours, and the rare ones
 * (edges of letters) take the nearest frequent one. Takes what a browser writes: 8 bits, RGB or RGBA, not interlaced.
 */
export function squeezePng(png: Buffer): Buffer {
  const { width, height } = pngSize(png);
  const channels = png[25] === 6 ? 4 : 3;
  const data = chunks(png).filter(({ type }) => type === "IDAT");
  const raw = inflateSync(Buffer.concat(data.map(({ body }) => body)));
  const pixels = unfilter(raw, { stride: width * channels, height, channels });
  const { palette, indexOf } = choosePalette(pixels, channels);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * channels;
      rows[y * (width + 1) + 1 + x] = indexOf(colourAt(pixels, at));
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", head),
    chunk(
      "PLTE",
      Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])),
    ),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const colourAt = (pixels: Buffer, at: number): number =>
  (pixels[at]! << 16) | (pixels[at + 1]! << 8) | pixels[at + 2]!;

function chunks(png: Buffer): { type: string; body: Buffer }[] {
  const found = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    found.push({ type: png.toString("latin1", at + 4, at + 8), body: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return found;
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** Undoes the five filters of a PNG's lines. */
function unfilter(
  raw: Buffer,
  { stride, height, channels }: { stride: number; height: number; channels: number },
): Buffer {
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)]!;
    const from = y * (stride + 1) + 1;
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x >= channels ? out[at - channels]! : 0;
      const up = y > 0 ? out[at - stride]! : 0;
      const corner = x >= channels && y > 0 ? out[at - stride - channels]! : 0;
      out[at] = raw[from + x]! + predicted(filter, { left, up, corner });
    }
  }
  return out;
}

function predicted(
  filter: number,
  { left, up, corner }: { left: number; up: number; corner: number },
): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const guess = left + up - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      return a <= b && a <= c ? left : b <= c ? up : corner;
    }
    default:
      return 0;
  }
}

function choosePalette(
  pixels: Buffer,
  channels: number,
): { palette: number[]; indexOf: (colour: number) => number } {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += channels) {
    const colour = colourAt(pixels, at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = spread(counts);
  const known = new Map(palette.map((colour, index) => [colour, index]));
  return {
    palette,
    indexOf(colour) {
      const there = known.get(colour);
      if (there !== undefined) return there;
      const index = nearest(palette, colour);
      known.set(colour, index);
      return index;
    },
  };
}

/**
 * One colour after another, each time the one most missed: frequent, and far from those chosen. The few pixels of
 * a mark keep their colour that way, where counting alone would give all places to the edges of letters.
 */
function spread(counts: ReadonlyMap<number, number>): number[] {
  const all = [...counts].map(([colour, count]) => ({
    colour,
    weight: Math.sqrt(count),
    far: Number.MAX_SAFE_INTEGER,
  }));
  const chosen: number[] = [];
  while (chosen.length < Math.min(MOST_COLOURS, all.length)) {
    const next = all.reduce((most, each) => (each.far * each.weight > most.far * most.weight ? each : most));
    chosen.push(next.colour);
    for (const each of all) each.far = Math.min(each.far, distance(each.colour, next.colour));
  }
  return chosen;
}

/** Squared, with green weighing most, as in the eye. */
function distance(one: number, other: number): number {
  const red = (other >> 16) - (one >> 16);
  const green = ((other >> 8) & 255) - ((one >> 8) & 255);
  const blue = (other & 255) - (one & 255);
  return 2 * red * red + 4 * green * green + 3 * blue * blue;
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0;
  palette.forEach((other, index) => {
    if (distance(other, colour) < distance(palette[best]!, colour)) best = index;
  });
  return best;
}
