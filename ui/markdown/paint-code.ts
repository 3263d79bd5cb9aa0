/** Colours for code: highlight.js's grammars, each fetched when its language is first seen. */
import type { LanguageFn } from 'highlight.js';
import { createLowlight } from 'lowlight';

/** Longer code stays plain: its colours would take longer than a frame's time many times over. In UTF-16 units. */
const MOST = 20_000;

type Fetch = () => Promise<{ default: LanguageFn }>;
const LANGUAGES: Readonly<Record<string, Fetch>> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  css: () => import('highlight.js/lib/languages/css'),
  diff: () => import('highlight.js/lib/languages/diff'),
  dockerfile: () => import('highlight.js/lib/languages/dockerfile'),
  go: () => import('highlight.js/lib/languages/go'),
  graphql: () => import('highlight.js/lib/languages/graphql'),
  ini: () => import('highlight.js/lib/languages/ini'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  lua: () => import('highlight.js/lib/languages/lua'),
  makefile: () => import('highlight.js/lib/languages/makefile'),
  markdown: () => import('highlight.js/lib/languages/markdown'),
  php: () => import('highlight.js/lib/languages/php'),
  python: () => import('highlight.js/lib/languages/python'),
  r: () => import('highlight.js/lib/languages/r'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  scss: () => import('highlight.js/lib/languages/scss'),
  shell: () => import('highlight.js/lib/languages/shell'),
  sql: () => import('highlight.js/lib/languages/sql'),
  swift: () => import('highlight.js/lib/languages/swift'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
};

/** Other names that people write behind a fence. */
const ALIASES: Readonly<Record<string, string>> = {
  'c++': 'cpp',
  cc: 'cpp',
  cjs: 'javascript',
  console: 'shell',
  cs: 'csharp',
  docker: 'dockerfile',
  golang: 'go',
  h: 'c',
  hpp: 'cpp',
  html: 'xml',
  js: 'javascript',
  jsonc: 'json',
  jsx: 'javascript',
  kt: 'kotlin',
  make: 'makefile',
  md: 'markdown',
  mjs: 'javascript',
  patch: 'diff',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  svg: 'xml',
  toml: 'ini',
  ts: 'typescript',
  tsx: 'typescript',
  vue: 'xml',
  yml: 'yaml',
  zsh: 'bash',
};

const lowlight = createLowlight();
type Nodes = ReturnType<typeof lowlight.highlight>['children'];

/** Code of a language that is not known, or that is too long, stays as it is. */
export async function paintCode(box: Element): Promise<void> {
  const code = box.querySelector('code');
  const name = (box.getAttribute('data-code') ?? '').toLowerCase();
  const language = Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
  const fetch = Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language] : undefined;
  if (code === null || fetch === undefined || code.firstElementChild !== null) return;
  const text = code.textContent;
  if (text.length > MOST) return;
  if (!lowlight.registered(language)) lowlight.register(language, (await fetch()).default);
  // It may have changed while the grammar was on its way.
  if (code.textContent !== text) return;
  const { children } = lowlight.highlight(language, text);
  const painted = code.ownerDocument.createDocumentFragment();
  appendNodes(painted, children);
  code.replaceChildren(painted);
}

/** As elements, never as markup. */
function appendNodes(parent: Node, nodes: Readonly<Nodes>): void {
  const document = parent.ownerDocument ?? new Document();
  for (const node of nodes) {
    if (node.type === 'text') parent.appendChild(document.createTextNode(node.value));
    if (node.type !== 'element') continue;
    const span = document.createElement('span');
    const { className } = node.properties;
    if (Array.isArray(className)) span.className = className.join(' ');
    appendNodes(span, node.children);
    parent.appendChild(span);
  }
}
