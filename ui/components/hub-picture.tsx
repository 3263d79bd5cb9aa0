/** The picture: boxes are laid out by `drawHub`, lines drawn between them. Only what changed is touched, once a second. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { unreachable } from '../../shared/errors.ts';
import { drawHub, type Box, type BoxOf } from '../store/hub-picture.ts';
import { brief, bytesPerSecond, many, milliseconds, perSecond, short } from '../store/figures.ts';
import { type HubView, type Rate } from '../store/hub-view.ts';
import type { ServerCount } from '../store/hub-watch.ts';
import { ConnectionShape } from './connection-shape.tsx';
import { useShownTitle } from './hub-titles.ts';
import { useStore } from './store-context.ts';

interface Props {
  view: HubView;
  count: ServerCount | null;
  inPage: boolean;
}

/** The layout's pixels are sixteenths of the page's letter size. */
const rem = (pixels: number): string => `${pixels / 16}rem`;

export function HubPicture(props: Props) {
  const { view } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const picture = drawHub(view, width);
  const svg = useRef<SVGSVGElement>(null);
  useFlow(
    svg,
    picture.lines.some(({ flows }) => flows),
  );
  return (
    <div
      ref={box}
      class="hub-picture"
      role="img"
      aria-label={`The server, ${many(view.streams, 'stream')}, the hub, and ${many(view.tabs.length + view.moreTabs, 'tab')}. The tables below say the same.`}
      style={{ height: rem(picture.height) }}
    >
      <svg
        ref={svg}
        viewBox={`0 0 ${picture.width} ${picture.height}`}
        style={{ width: rem(picture.width), height: rem(picture.height) }}
      >
        {picture.lines.map(({ id, path, weight, tone, flows }) => (
          <g key={id} data-tone={tone}>
            <path class="hub-line" d={path} style={{ strokeWidth: weight }} />
            {flows ? (
              <path class="hub-flow" d={path} style={{ strokeWidth: Math.max(2.5, weight) }} />
            ) : null}
          </g>
        ))}
      </svg>
      {picture.boxes.map((each) => (
        <BoxCard key={each.id} box={each} {...props} />
      ))}
    </div>
  );
}

function BoxCard({ box, ...props }: { box: Box } & Props) {
  const { title, lines, tone, shape } = useWords(box.of, props);
  return (
    <div
      class="hub-box"
      data-kind={box.of.kind}
      data-tone={tone}
      data-you={box.of.kind === 'tab' && box.of.tab.you}
      style={{
        left: rem(box.x),
        top: rem(box.y),
        width: rem(box.width),
        height: rem(box.height),
      }}
    >
      <p class="hub-box-title">
        {shape === null ? null : <ConnectionShape name={shape} />}
        <span>{title}</span>
      </p>
      {lines.map((line) => (
        <p key={line} class="hub-box-line">
          {line}
        </p>
      ))}
    </div>
  );
}

interface BoxWords {
  title: string;
  lines: string[];
  tone: string;
  shape: Parameters<typeof ConnectionShape>[0]['name'] | null;
}

function useWords(of: BoxOf, { view, count, inPage }: Props): BoxWords {
  const titleOf = useShownTitle();
  const plain = (title: string, lines: string[]): BoxWords => ({
    title,
    lines,
    tone: 'good',
    shape: null,
  });
  switch (of.kind) {
    case 'server': {
      const counted =
        count !== null && 'diagnostics' in count
          ? `counts ${many(count.diagnostics.streams.lanes + count.diagnostics.streams.own, 'stream')}`
          : 'count not known';
      return plain('Server', [view.protocol, counted]);
    }
    case 'hub':
      return plain('Hub', [
        inPage ? 'in this page' : 'shared worker',
        view.events === null ? '…' : `${brief(view.events)} events/s`,
      ]);
    case 'lane': {
      const { condition, riding, bytes } = view.lane;
      const carries = riding === 0 ? 'list of sessions' : `list and ${many(riding, 'session')}`;
      return {
        title: 'Shared lane',
        lines: [
          [
            condition.word,
            condition.tone === 'good' ? carries : condition.detail,
            bytesPerSecond(bytes),
          ]
            .filter(Boolean)
            .join(' · '),
        ],
        tone: condition.tone,
        shape: condition.shape,
      };
    }
    case 'session': {
      const { session } = of;
      const { condition } = session;
      const more =
        condition.tone === 'good'
          ? carried(session.events, session.bytes)
          : [condition.detail].filter(Boolean);
      return {
        title: titleOf(session.logId),
        lines: [[condition.word, ...more].join(' · ')],
        tone: condition.tone,
        shape: condition.shape,
      };
    }
    case 'tab': {
      const { tab } = of;
      const level =
        tab.behind.events === 0
          ? 'level'
          : `${brief(tab.behind.events)} behind, ${milliseconds(tab.behind.ms)}`;
      const none = tab.you ? 'This page' : 'No session';
      const shows = tab.shows === null ? none : titleOf(tab.shows.logId);
      const name = tab.you ? 'this tab' : `tab ${short(tab.tabId)}`;
      const flow = tab.events === 0 ? [] : [perSecond(tab.events)];
      const rate = tab.shows === null ? [] : [...flow, level];
      return plain(shows, [[name, ...rate, ...(tab.visible ? [] : ['hidden'])].join(' · ')]);
    }
    case 'more':
      return { ...plain(`${of.count} more`, [`${of.what}s, in the table`]), tone: 'still' };
    default:
      return unreachable(of);
  }
}

function carried(events: Rate, bytes: Rate): string[] {
  return events === 0 ? ['quiet'] : [perSecond(events), bytesPerSecond(bytes)];
}

/** Steps of the dots, milliseconds and pixels. */
const STEP = { ms: 200, pixels: 3.2 };
/** Of the pattern of dots. */
const PERIOD = 16;

/**
 * Moves the dots by hand, five steps a second: an animation in CSS, stepped or not, keeps the browser busy at every
 * frame (13 % of the main thread on two cores without a GPU, against 2 %).
 */
function useFlow(svg: { current: SVGSVGElement | null }, flows: boolean): void {
  const { timers, visible } = useStore();
  const runs = flows && visible.value;
  useEffect(() => {
    const still = matchMedia('(prefers-reduced-motion: reduce)');
    if (!runs) return undefined;
    let timer = 0;
    let steps = 0;
    const step = () => {
      steps += 1;
      if (svg.current !== null && !still.matches) {
        svg.current.style.strokeDashoffset = String(-((steps * STEP.pixels) % PERIOD));
      }
      timer = timers.setTimeout(step, STEP.ms);
    };
    timer = timers.setTimeout(step, STEP.ms);
    return () => timers.clearTimeout(timer);
  }, [runs]);
}

/** Of the box, in the layout's pixels; follows it. */
function useWidth(box: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(960);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measure = () => {
      const letter = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const pixels = element.clientWidth / ((letter || 16) / 16);
      if (pixels > 0) setWidth(Math.round(pixels));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return width;
}
