// Small pictures with A1111's parameters inside, made from a number, for the browser tests.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

function chunk(kind: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** An RGB PNG of one slope of colour, with an `iTXt` of this keyword. */
export function png(width: number, height: number, hue: number, text?: string): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  head[9] = 2;
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (1 + width * 3) + 1 + x * 3;
      const slope = (x / width + y / height) / 2;
      for (let c = 0; c < 3; c += 1) {
        rows[at + c] = Math.round(40 + 190 * (0.5 + 0.5 * Math.cos(hue + c * 2.1 + slope * 2.4)));
      }
    }
  }
  const note = text === undefined ? [] : [chunk('iTXt', Buffer.from(`parameters\0\0\0\0\0${text}`, 'utf8'))];
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), ...note, chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

export type Picture = { name: string; prompt: string; negative?: string; width?: number; height?: number; at?: string };

const SHAPES = [[240, 160], [160, 240], [200, 200], [256, 144], [180, 240]] as const;

/** Writes pictures into a folder; each is made at its time, or an hour before the one before it. */
export function writePictures(folder: string, pictures: Picture[]): void {
  mkdirSync(folder, { recursive: true });
  pictures.forEach((picture, i) => {
    const [width, height] = SHAPES[i % SHAPES.length] ?? [200, 200];
    const wide = picture.width ?? width;
    const high = picture.height ?? height;
    const text = `${picture.prompt}\nNegative prompt: ${picture.negative ?? 'text, watermark'}\nSteps: 9, Sampler: Euler a, CFG scale: 1.0, Seed: ${721897303308 + i}, Size: ${wide}x${high}, Model: z_image_turbo_bf16`;
    const path = join(folder, picture.name);
    writeFileSync(path, png(wide, high, i * 0.7, text));
    const at = picture.at ? new Date(picture.at) : new Date(Date.UTC(2026, 10, 20, 12) - i * 3_600_000);
    utimesSync(path, at, at);
  });
}
