import { expect, test } from 'vitest';
import { createTabMeter } from './tab-meter.ts';

const at = (seq: number, logId = 'log') => ({ logId, seq });

test('[P62] a tab is level when it acknowledged all that the hub has, and else behind by the rest', () => {
  let now = 1_000;
  const meter = createTabMeter(() => now);
  expect(meter.report(at(5))).toMatchObject({ seq: null, behind: { events: 0, ms: 0 } });
  meter.sent(0, at(5));
  now += 3;
  meter.acked();
  expect(meter.report(at(5))).toMatchObject({ seq: 5, behind: { events: 0, ms: 0 } });

  meter.sent(2, at(7));
  now += 4;
  // More came meanwhile: the oldest has waited since it was sent.
  expect(meter.report(at(9))).toMatchObject({ seq: 5, behind: { events: 4, ms: 4 } });
  meter.waits();
  now += 6;
  meter.waits();
  meter.acked();
  meter.sent(2, at(9));
  now += 1;
  // What went on the ack had waited behind the batch before.
  expect(meter.report(at(9))).toMatchObject({ seq: 7, behind: { events: 2, ms: 7 } });
  meter.acked();
  expect(meter.report(at(9))).toEqual({
    seq: 9,
    behind: { events: 0, ms: 0 },
    batches: 3,
    events: 4,
    acks: 3,
    ackMs: 3 + 10 + 1,
    quietMs: 0,
  });
});

test('[P62] what was acknowledged of another watch, or of another log, counts for nothing', () => {
  const meter = createTabMeter(() => 0);
  meter.sent(1, at(5));
  meter.acked();
  expect(meter.report(at(9, 'other'))).toMatchObject({ seq: null, behind: { events: 0 } });
  meter.rewatched();
  expect(meter.report(at(9))).toMatchObject({ seq: null, behind: { events: 0 } });
});

test('a clock that is set back makes no negative times', () => {
  let now = 1_000;
  const meter = createTabMeter(() => now);
  meter.sent(1, at(1));
  now = 10;
  meter.acked();
  expect(meter.report(at(1))).toMatchObject({ ackMs: 0, quietMs: 0 });
});
