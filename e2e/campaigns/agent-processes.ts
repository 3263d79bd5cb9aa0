/** The agents' processes of a server: demo agents, told apart by a word on their command line. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const DEMO = join(import.meta.dirname, '../../dist/server/demo.js');
/** Ours, not another campaign's that runs at the same time. */
const WORD = `campaign-${process.pid}-`;

/** An `agents` entry: the built demo agent under another name. */
export function namedDemo(id: string): Record<string, unknown> {
  return { id, title: id, command: process.execPath, args: [DEMO, WORD + id] };
}

export interface AgentProcess {
  pid: number;
  /** Of what started it, or of who inherited it. */
  parent: number;
  agentId: string;
}

/** What runs now of this campaign's agents; a zombie has no command line any more. */
export function runningAgents(): AgentProcess[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, word = ''] = /^\s*(\d+)\s+(\d+)\s.*\s(\S+)\s*$/.exec(line) ?? [];
    if (!word.startsWith(WORD)) return [];
    return [{ pid: Number(pid), parent: Number(parent), agentId: word.slice(WORD.length) }];
  });
}
