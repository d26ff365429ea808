// The slice of a browser's page that the report's script touches.

export interface PageElement {
  readonly clientWidth: number;
  textContent: string | null;
  readonly dataset: Readonly<Record<string, string | undefined>>;
  setAttribute(name: string, value: string): void;
  addEventListener(type: 'click', listener: () => void): void;
  querySelectorAll(selector: string): Iterable<PageElement>;
  querySelector(selector: string): PageElement | null;
}

interface MediaQuery {
  readonly matches: boolean;
  addEventListener(type: 'change', listener: () => void): void;
}

interface Page {
  readonly document: PageElement;
  matchMedia(query: string): MediaQuery;
  addEventListener(type: 'resize' | 'beforeprint' | 'afterprint', listener: () => void): void;
}

/** The page that the script runs in. */
export const page = globalThis as unknown as Page;
