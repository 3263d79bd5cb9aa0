/** The full-text index of the SQLite store. Written inside the caller's transactions, so it is never behind. */
import type { Database } from 'better-sqlite3';
import type { SearchHit } from '../../shared/api.ts';
import type { Turn } from '../../shared/state.ts';
import { indexText, parseQuery, snippetOf, turnText } from './search-text.ts';
import { unpackTurn } from './turn-codec.ts';

export interface SearchIndex {
  setTitle(logId: string, title: string): void;
  addTurn(logId: string, turn: Turn): void;
  /** See `Store.search`. */
  search(owner: string, query: string, limit: number): SearchHit[];
}

interface Found {
  sessionId: string;
  logId: string;
  title: string;
  /** Of the turn; null for the title. */
  packed: Buffer | null;
}

/** What is deleted with its session leaves the index by a trigger. */
export function createSearchIndex(db: Database): SearchIndex {
  const addDoc = db
    .prepare<[string, number], number>(`
      INSERT INTO search_docs (log_id, ordinal) VALUES (?, ?)
      ON CONFLICT DO UPDATE SET ordinal = excluded.ordinal RETURNING doc`)
    .pluck();
  const setText = db.prepare<[number, string]>(
    'INSERT OR REPLACE INTO search (rowid, text) VALUES (?, ?)',
  );
  // By rowid, the newest first: the search ends at the limit, where a rank would weigh every turn that
  // has the words. CROSS JOIN keeps the index the outer loop.
  const find = db.prepare<[string, string, number], Found>(`
    SELECT (SELECT id FROM names n WHERE n.log_id = d.log_id ORDER BY n.ordinal DESC LIMIT 1) AS sessionId,
      d.log_id AS logId, s.title, t.packed
    FROM search
      CROSS JOIN search_docs d ON d.doc = search.rowid
      CROSS JOIN sessions s ON s.log_id = d.log_id AND s.owner = ?
      LEFT JOIN turns t ON t.log_id = d.log_id AND t.ordinal = d.ordinal
    WHERE search MATCH ?
    ORDER BY search.rowid DESC LIMIT ?`);

  const put = (logId: string, ordinal: number, text: string): void => {
    const doc = addDoc.get(logId, ordinal);
    if (doc === undefined) throw new Error(`nothing to index ${ordinal} of log ${logId} under`);
    setText.run(doc, indexText(text));
  };

  return {
    setTitle: (logId, title) => put(logId, -1, title),
    addTurn: (logId, turn) => put(logId, turn.ordinal, turnText(turn)),
    search(owner, query, limit) {
      const phrases = parseQuery(query);
      if (phrases.length === 0) return [];
      // Quoted, so that no word is taken as an operator; a folded word has no quote in it.
      const quoted = phrases.map((phrase) => `"${phrase.join(' ')}"`);
      return find
        .all(owner, `${quoted.join(' AND ')} *`, limit)
        .map(({ sessionId, logId, title, packed }) => {
          const turn = packed === null ? null : unpackTurn(packed);
          const { turnId, ordinal } = turn ?? { turnId: null, ordinal: null };
          const snippet = snippetOf(turn === null ? title : turnText(turn), phrases);
          return { sessionId, logId, title, turnId, ordinal, snippet };
        });
    },
  };
}
