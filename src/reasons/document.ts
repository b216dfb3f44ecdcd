/** The tables of docs/errors.md. */
import { type Subject } from './catalogue.js';

const WHO = {
  manager: 'a manager of the organisation',
  operator: 'the operators of the gateway',
  authority: 'the certification authority',
} as const;

/** Every subject as a section with a table, in Markdown; a formatter aligns the columns. */
export function errorTables(subjects: Readonly<Record<string, Subject>>): string {
  return Object.values(subjects)
    .map(({ heading, reasons }) => {
      const rows = Object.entries(reasons).map(
        ([code, { status, meaning, who }]) =>
          `| \`${code}\` | ${status} | ${meaning.replaceAll('|', '\\|')} | ${who === undefined ? 'the caller' : WHO[who]} |`,
      );
      return [
        `## ${heading}`,
        '',
        '| code | status | when | who can help |',
        '| --- | --- | --- | --- |',
        ...rows,
      ].join('\n');
    })
    .join('\n\n');
}
