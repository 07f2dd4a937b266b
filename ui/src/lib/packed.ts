// A result of the gallery comes packed: numbers and shapes as base64, half a megabyte for 100,000 pictures.
import type { ListingView, Section } from '../api/bindings.ts';

export type Listing = {
  /** The number of every hit, in order. */
  seqs: Uint32Array;
  /** The shape of every hit: see {@link ratioOf}. */
  aspects: Uint8Array;
  sections: Section[];
  /** Words of the search, folded, to be marked. */
  terms: string[];
  /** Fields of other programs, which were searched as words. */
  unknownFields: string[];
  library: number;
  favourites: number;
  trash: number;
};

export const nothingListed: Listing = {
  seqs: new Uint32Array(),
  aspects: new Uint8Array(),
  sections: [],
  terms: [],
  unknownFields: [],
  library: 0,
  favourites: 0,
  trash: 0,
};

function bytesOf(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export function unpack(view: ListingView): Listing {
  const raw = bytesOf(view.seqs);
  const seqs = new Uint32Array(raw.length >> 2);
  const words = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  for (let i = 0; i < seqs.length; i += 1) seqs[i] = words.getUint32(i * 4, true);
  return {
    seqs,
    aspects: bytesOf(view.aspects),
    sections: view.sections,
    terms: view.terms,
    unknownFields: view.unknown_fields,
    library: view.library,
    favourites: view.favourites,
    trash: view.trash,
  };
}

/** Width by height of every byte of `aspects`. */
const RATIOS = Float64Array.from({ length: 256 }, (_, byte) => 2 ** ((byte - 128) / 32));

/** Width by height. */
export const ratioOf = (byte: number): number => RATIOS[byte] ?? 1;
