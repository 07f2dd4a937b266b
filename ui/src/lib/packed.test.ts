import { describe, expect, it } from 'vitest';
import { ratioOf, unpack } from './packed.ts';

describe('a packed result', () => {
  it('is little-endian numbers and shapes', () => {
    const view = { total: 2, library: 2, favourites: 0, trash: 0, seqs: 'AQAAAAABAAA=', aspects: 'gKA=', sections: [],
      terms: ['光'], unknown_fields: ['after'] };
    const listing = unpack(view);
    expect([...listing.seqs]).toEqual([1, 256]);
    expect([...listing.aspects].map(ratioOf)).toEqual([1, 2]);
    expect(listing.terms).toEqual(['光']);
    expect(listing.unknownFields).toEqual(['after']);
  });
  it('may be empty', () => {
    const view = { total: 0, library: 0, favourites: 0, trash: 0, seqs: '', aspects: '', sections: [], terms: [],
      unknown_fields: [] };
    expect(unpack(view).seqs).toHaveLength(0);
  });
});
