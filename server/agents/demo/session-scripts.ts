/** Commands that change the session, or go wrong on purpose. */
import { RequestError } from '@agentclientprotocol/sdk';
import { readNumbers } from './input.ts';
import type { Turn } from './turn.ts';

const MAX_TITLE = 200;
const COMPACT_MS = 300;

export async function title(turn: Turn): Promise<void> {
  const title = turn.input.replaceAll(/\s+/g, ' ').slice(0, MAX_TITLE);
  if (title === '') return turn.speak('/title: what shall this session be called?');
  await turn.update({ sessionUpdate: 'session_info_update', title });
  return turn.speak(`This session is called "${title}" now.`);
}

/** O9: the session gets a new canonical id while it runs. */
export async function compact(turn: Turn): Promise<void> {
  await turn.speak('Compacting what was said so far. ');
  await turn.sleep(COMPACT_MS);
  await turn.update({
    sessionUpdate: 'session_info_update',
    _meta: { 'tabcast/canonicalId': turn.newId() },
  });
  await turn.sleep(COMPACT_MS);
  await turn.speak('Done: this session goes on under a new id.');
}

/** As agents do that leave a planning mode by themselves: everybody who looks sees the new value. */
export async function config(turn: Turn): Promise<void> {
  const { settings } = turn;
  const [name = '', value = ''] = turn.input.split(/\s+/);
  if (name !== '' && !settings.set(name, value)) {
    return turn.speak(
      `/config: there is no such setting or value. There are:\n\n${settings.list()}`,
    );
  }
  if (name !== '') {
    await turn.update({
      sessionUpdate: 'config_option_update',
      configOptions: settings.options(),
    });
  }
  return turn.speak(`Settings now:\n\n${settings.list()}`);
}

export async function fail(turn: Turn): Promise<void> {
  await turn.speak('I will fail now. ');
  throw new RequestError(-32_603, 'The demo agent failed, as it was asked to');
}

export async function crash(turn: Turn): Promise<void> {
  await turn.speak('I will crash now. ');
  await turn.crash('demo agent: crashing, as it was asked to');
}

export async function slow(turn: Turn): Promise<void> {
  const input = readNumbers('slow', turn.input, [
    { name: 'how many seconds', min: 0, max: 3600, whole: false, otherwise: 5 },
  ]);
  if (!input.ok) return turn.speak(input.message);
  const [seconds = 0] = input.values;
  await turn.sleep(seconds * 1000);
  return turn.say('Done.');
}
