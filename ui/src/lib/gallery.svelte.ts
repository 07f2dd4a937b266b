// What the gallery asks for and what it got. Texts of pictures are kept for those near the screen alone.
import { SvelteMap } from 'svelte/reactivity';
import type { CellView, FacetsView, QueryRequest, Scope, Sort } from '../api/bindings.ts';
import { call } from '../api/transport.ts';
import { app } from './app.svelte.ts';
import { nothingListed, unpack, type Listing } from './packed.ts';
import { fail } from './toast.svelte.ts';

export type Filters = { generator: string; model: string; tag: string; rating: number };

const noFilters: Filters = { generator: '', model: '', tag: '', rating: 0 };
/** An import tells of new pictures many times a second: the list is read again at most so often, in ms. */
const PACE = 300;
const KEPT_CELLS = 4000;
/** Asked for at once. */
const PIECE = 1000;

class Gallery {
  text = $state('');
  scope = $state<Scope>('library');
  filters = $state.raw<Filters>(noFilters);
  listing = $state.raw<Listing>(nothingListed);
  facets = $state.raw<FacetsView>({ generators: [], models: [], tags: [] });
  /** Something was read since the vault was opened. */
  ready = $state(false);
  /** Counts up with every change of the data: whoever shows details reads them again. */
  version = $state(0);
  readonly cells = new SvelteMap<number, CellView>();

  /** A choice like the layout: the program remembers it. */
  readonly sort = $derived<Sort>(app.settings?.sort ?? 'newest');
  readonly filtered = $derived(
    this.filters.generator !== '' || this.filters.model !== '' || this.filters.tag !== '' || this.filters.rating > 0,
  );

  /** Counts up with every lock: an answer from before one is nobody's. */
  #opening = 0;
  #asking = false;
  #again = false;
  #last = -PACE;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fresh = new Set<number>();
  #asked = new Set<number>();

  #request(): QueryRequest {
    const { generator, model, tag, rating } = this.filters;
    return {
      text: this.text,
      scope: this.scope,
      sort: this.sort,
      min_rating: rating,
      ...(generator ? { generator } : {}),
      ...(model ? { model } : {}),
      ...(tag ? { tag } : {}),
    };
  }

  /** Asks; while an answer is on its way the last wish waits, those between are dropped. */
  async read(): Promise<void> {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    try {
      do {
        this.#again = false;
        const opening = this.#opening;
        const view = await call('gallery_query', this.#request());
        if (opening !== this.#opening) continue;
        this.listing = unpack(view);
        this.ready = true;
      } while (this.#again);
    } catch (refused) {
      fail(refused);
    } finally {
      this.#asking = false;
    }
  }

  search(text: string): void {
    this.text = text;
    void this.read();
  }

  show(scope: Scope): void {
    this.scope = scope;
    void this.read();
    void this.readFacets();
  }

  /** What is shown before anything is read. */
  stand(scope: Scope, rating: number): void {
    this.scope = scope;
    this.filters = { ...noFilters, rating };
  }

  order(sort: Sort): void {
    void app.set({ sort });
    void this.read();
  }

  filter(filters: Partial<Filters>): void {
    this.filters = { ...this.filters, ...filters };
    void this.read();
  }

  clear(): void {
    this.text = '';
    this.filters = noFilters;
    void this.read();
  }

  /** The data changed: read again soon. */
  changed(): void {
    const wait = Math.max(0, this.#last + PACE - performance.now());
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#last = performance.now();
      this.#fresh.clear();
      this.version += 1;
      void this.read();
      void this.readFacets();
    }, wait);
  }

  /** All that lies in the trash, whatever is looked for. */
  async inTrash(): Promise<number[]> {
    return [...unpack(await call('gallery_query', { text: '', scope: 'trash', sort: 'newest', min_rating: 0 })).seqs];
  }

  async readFacets(): Promise<void> {
    const [opening, scope] = [this.#opening, this.scope];
    try {
      const facets = await call('gallery_facets', { scope });
      if (opening === this.#opening && scope === this.scope) this.facets = facets;
    } catch (refused) {
      fail(refused);
    }
  }

  /** Sees to it that the texts of these pictures are there. */
  async want(seqs: number[]): Promise<void> {
    const missing = seqs.filter((seq) => !this.#fresh.has(seq) && !this.#asked.has(seq));
    if (missing.length === 0) return;
    for (const seq of missing) this.#asked.add(seq);
    const opening = this.#opening;
    try {
      const cells = await call('gallery_cells', { seqs: missing });
      if (opening !== this.#opening) return;
      for (const cell of cells) {
        this.cells.set(cell.seq, cell);
        this.#fresh.add(cell.seq);
      }
      this.#prune(seqs);
    } catch (refused) {
      fail(refused);
    } finally {
      for (const seq of missing) this.#asked.delete(seq);
    }
  }

  /** Whether something is so for all of these, those far from the screen included. */
  async every(seqs: readonly number[], is: (cell: CellView) => boolean): Promise<boolean> {
    const unknown: number[] = [];
    for (const seq of seqs) {
      const cell = this.cells.get(seq);
      if (cell === undefined) unknown.push(seq);
      else if (!is(cell)) return false;
    }
    for (let at = 0; at < unknown.length; at += PIECE) {
      const cells = await call('gallery_cells', { seqs: unknown.slice(at, at + PIECE) });
      if (!cells.every(is)) return false;
    }
    return true;
  }

  #prune(near: number[]): void {
    if (this.cells.size <= KEPT_CELLS) return;
    const keep = new Set(near);
    for (const seq of this.cells.keys()) {
      if (keep.has(seq)) continue;
      this.cells.delete(seq);
      this.#fresh.delete(seq);
      if (this.cells.size <= KEPT_CELLS / 2) return;
    }
  }

  /** The place of a picture in the list; -1 when it is not there. */
  placeOf(seq: number | null): number {
    // A scan of packed numbers: 100,000 take less than a tenth of a millisecond, a map would take ten.
    return seq === null ? -1 : this.listing.seqs.indexOf(seq);
  }

  /** Shows a change before the program has confirmed it. */
  patch(seqs: readonly number[], change: Partial<CellView>): void {
    for (const seq of seqs) {
      const cell = this.cells.get(seq);
      if (cell) this.cells.set(seq, { ...cell, ...change });
    }
  }

  /** The vault was locked: nothing of it stays in memory. */
  forget(): void {
    this.#opening += 1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.text = '';
    this.scope = 'library';
    this.filters = noFilters;
    this.listing = nothingListed;
    this.facets = { generators: [], models: [], tags: [] };
    this.cells.clear();
    this.#fresh.clear();
    this.#asked.clear();
    this.ready = false;
  }
}

export const gallery = new Gallery();
