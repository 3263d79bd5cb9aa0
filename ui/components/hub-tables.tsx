/** The picture's equal: streams, tabs and the hub's facts as tables. */
import type { ComponentChildren } from 'preact';
import {
  brief,
  bytesPerSecond,
  duration,
  many,
  milliseconds,
  perSecond,
  short,
} from '../store/figures.ts';
import { type Condition, type HubView, type SessionView } from '../store/hub-view.ts';
import type { ServerCount } from '../store/hub-watch.ts';
import { sessionPath } from '../store/route.ts';
import { ConnectionShape } from './connection-shape.tsx';
import { useShownTitle } from './hub-titles.ts';
import { PageLink } from './page-link.tsx';
import { useStore } from './store-context.ts';

const NONE = '–';
/** Under a second is now: what flows would only flicker. */
function ago(ms: number | null): string {
  if (ms === null) return NONE;
  return ms < 1_000 ? 'now' : `${duration(ms)} ago`;
}

const SEATS: Record<SessionView['seat'], string> = {
  own: 'stream of its own',
  lane: 'shared lane',
  none: 'no stream: idle',
};

export function StreamTable({ view, count }: { view: HubView; count: ServerCount | null }) {
  const { rows } = useStore();
  const counted = count !== null && 'diagnostics' in count ? count.diagnostics.streams : null;
  const { lane } = view;
  return (
    <Table
      name="Streams"
      columns={[
        'Session',
        'Comes by',
        'State',
        'Cursor',
        'Events',
        'Bytes',
        'Heard',
        'Tabs',
        'Server counts',
      ]}
    >
      <tr>
        <th scope="row">Shared lane</th>
        <td>
          {lane.riding === 0 ? 'list of sessions' : `list and ${many(lane.riding, 'session')}`}
        </td>
        <ConditionCell condition={lane.condition} />
        <td>{NONE}</td>
        <td>{NONE}</td>
        <td>{bytesPerSecond(lane.bytes)}</td>
        <td>{ago(lane.heardMs)}</td>
        <td>{view.tabs.length + view.moreTabs}</td>
        <td>{counted === null ? '…' : counted.lanes}</td>
      </tr>
      {view.sessions.map((session) => {
        const { logId, seat, condition, seq, events, bytes, heardMs, tabs } = session;
        const id = rows.byLog(logId)?.id;
        return (
          <tr key={logId} data-log-id={logId}>
            <th scope="row">
              <SessionLink logId={logId} />
            </th>
            <td>{SEATS[seat]}</td>
            <ConditionCell condition={condition} />
            <td>{seq ?? NONE}</td>
            <td>{perSecond(events)}</td>
            <td>{bytesPerSecond(bytes)}</td>
            <td>{ago(heardMs)}</td>
            <td>{tabs}</td>
            <td>{counted === null || id === undefined ? '…' : (counted.sessions[id] ?? 0)}</td>
          </tr>
        );
      })}
    </Table>
  );
}

export function TabTable({ view }: { view: HubView }) {
  return (
    <>
      <Table
        name="Tabs"
        columns={[
          'Tab',
          'Shows',
          'Cursor',
          'Behind',
          'Batches',
          'Events in each',
          'Ack after',
          'In flight',
          'Heard',
          'Somebody looks',
        ]}
      >
        {view.tabs.map((tab) => {
          const { tabId, you, shows, seq, behind, batches, batchSize, ackMs, inFlight } = tab;
          return (
            <tr key={tabId} data-you={you}>
              <th scope="row">
                {you ? <strong>this tab</strong> : <code title={tabId}>{short(tabId)}</code>}
              </th>
              <td>{shows === null ? 'no session' : <SessionLink logId={shows.logId} />}</td>
              <td>{seq ?? NONE}</td>
              <td>
                {behind.events === 0
                  ? 'level'
                  : `${many(behind.events, 'event')}, ${milliseconds(behind.ms)}`}
              </td>
              <td>{perSecond(batches)}</td>
              <td>{batchSize === null ? NONE : brief(batchSize)}</td>
              <td>{ackMs === null ? NONE : milliseconds(ackMs)}</td>
              <td>{inFlight ? '1' : '0'}</td>
              <td>{ago(tab.quietMs)}</td>
              <td>{[tab.visible ? 'in view' : 'hidden', tab.alerts].filter(Boolean).join(', ')}</td>
            </tr>
          );
        })}
      </Table>
      {view.moreTabs === 0 ? null : <p class="hint">{many(view.moreTabs, 'more tab')}.</p>}
    </>
  );
}

export function HubFacts({
  view,
  count,
  inPage,
}: {
  view: HubView;
  count: ServerCount | null;
  inPage: boolean;
}) {
  const server = count !== null && 'diagnostics' in count ? count.diagnostics : null;
  const facts: [string, ComponentChildren][] = [
    ['Runs', inPage ? 'in this page, for this tab alone' : 'in a shared worker, for all tabs'],
    ['Hub', <code>{view.hubId}</code>],
    ['Build', <code>{view.build}</code>],
    ['Age', duration(view.ageMs)],
    ['Reaches the server over', view.protocol],
    ['Streams of one session each', `at most ${view.ownStreams}, the rest shares the lane`],
    ['Sessions in memory', view.folds],
    ['Server runs', server === null ? '…' : `${many(server.turns, 'turn')} of yours`],
    ['Server has been up', server === null ? '…' : duration(server.uptime * 1_000)],
  ];
  return (
    <section>
      <h2>Facts</h2>
      <dl class="hub-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function ConditionCell({ condition }: { condition: Condition }) {
  const { word, detail, why, shape, tone } = condition;
  return (
    <td data-tone={tone}>
      <span class="hub-condition">
        {shape === null ? null : <ConnectionShape name={shape} />} {word}
      </span>
      {detail === '' ? null : <span class="hint"> {detail}</span>}
      {why === '' ? null : <p class="hint">{why}</p>}
    </td>
  );
}

function SessionLink({ logId }: { logId: string | null }) {
  const { rows } = useStore();
  const titleOf = useShownTitle();
  const id = logId === null ? undefined : rows.byLog(logId)?.id;
  const title = titleOf(logId);
  return id === undefined ? <>{title}</> : <PageLink href={sessionPath(id)}>{title}</PageLink>;
}

/** Wider than a phone: it scrolls by itself, also by keyboard. */
function Table(props: { name: string; columns: string[]; children: ComponentChildren }) {
  const { name, columns, children } = props;
  return (
    <section>
      <h2>{name}</h2>
      <div class="hub-table" role="region" aria-label={`${name}, table`} tabIndex={0}>
        <table aria-label={name}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </section>
  );
}
