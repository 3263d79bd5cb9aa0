/** What a browser shows around the page: its tab's title and icon, its bars' colour. */
import type { Face } from './env.ts';

/** The parts of the document that it is made of, as they were loaded. */
export interface FaceParts {
  document: { title: string };
  root: { dataset: Record<string, string | undefined> };
  /** The `link` of the icon. */
  icon: { href: string } | null;
  /** The `meta` elements of the theme's colour: one for light, one for dark. */
  colours: readonly { content: string; readonly media: string }[];
}

/** The real thing, over those parts. */
export function createFace({ document, root, icon, colours }: FaceParts): Face {
  const loaded = colours.map(({ content, media }) => ({ content, dark: media.includes('dark') }));
  return {
    setTitle(title) {
      document.title = title;
    },
    setIcon(svg) {
      const href = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      // Browsers load and draw it anew with every assignment.
      if (icon !== null && icon.href !== href) icon.href = href;
    },
    setTheme(theme) {
      if (theme === 'system') delete root.dataset['theme'];
      else root.dataset['theme'] = theme;
      colours.forEach((meta, n) => {
        const wanted =
          theme === 'system' ? loaded[n] : loaded.find(({ dark }) => dark === (theme === 'dark'));
        if (wanted !== undefined) meta.content = wanted.content;
      });
    },
  };
}
