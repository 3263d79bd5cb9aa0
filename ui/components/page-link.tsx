/** A link within the page: an ordinary one for a new tab or the middle button. */
import type { ComponentChildren } from 'preact';
import { useStore } from './store-context.ts';

interface Props {
  href: string;
  class?: string;
  id?: string;
  title?: string;
  'aria-current'?: 'page' | 'false';
  'aria-describedby'?: string;
  'data-session-id'?: string;
  'data-status'?: string;
  /** After the page changed. */
  onFollow?: () => void;
  children?: ComponentChildren;
}

export function PageLink({ href, onFollow, children, ...rest }: Props) {
  const { router } = useStore();
  const follow = (event: MouseEvent) => {
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (elsewhere || event.button !== 0 || event.defaultPrevented) return;
    event.preventDefault();
    router.navigate(href);
    onFollow?.();
  };
  return (
    <a {...rest} href={href} onClick={follow}>
      {children}
    </a>
  );
}
