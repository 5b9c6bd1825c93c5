import { escapeHtml } from "../../platform/html.ts";
import type { MailMessage } from "../../platform/mail.ts";
import { type Section, sectionsOf, titleOf } from "./model.ts";
import type { Report } from "./schema.ts";

/** Outside text can't begin a table cell, a link or a heading of ours. */
const plain = (text: string): string => text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|#]/g, "\\$&");
const row = (cells: readonly string[]): string => `| ${cells.map(plain).join(" | ")} |`;

const asMarkdown = ({ title, lines, table }: Section): string =>
  [
    `## ${title}`,
    ...(lines.length > 0 ? [lines.map((line) => `- ${plain(line)}`).join("\n")] : []),
    ...(table
      ? [[row(table.head), `|${" --- |".repeat(table.head.length)}`, ...table.rows.map(row)].join("\n")]
      : []),
  ].join("\n\n");

/** The report as Markdown, to be kept or put into a wiki. */
export const reportMarkdown = (report: Report): string =>
  `# ${plain(titleOf(report))}\n\n${sectionsOf(report).map(asMarkdown).join("\n\n")}\n\n${report.url}\n`;

const CELL = "padding:4px 12px 4px 0;border-bottom:1px solid #e5e7eb;text-align:left;vertical-align:top";

function asHtml({ title, lines, table }: Section): string {
  const cells = (tag: string, list: readonly string[]) =>
    `<tr>${list.map((cell) => `<${tag} style="${CELL}">${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  return [
    `<h2 style="margin:24px 0 8px;font-size:16px">${escapeHtml(title)}</h2>`,
    ...lines.map((line) => `<p style="margin:0 0 6px">${escapeHtml(line)}</p>`),
    ...(table
      ? [
          `<table style="border-collapse:collapse;font-size:14px">${cells("th", table.head)}${table.rows
            .map((each) => cells("td", each))
            .join("")}</table>`,
        ]
      : []),
  ].join("\n");
}

/** The same as a letter to a lead. */
export function reportMail(to: { email: string }, report: Report): MailMessage {
  const title = titleOf(report);
  const url = escapeHtml(report.url);
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title></head>
<body style="margin:0;padding:24px 16px;font:15px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<div style="max-width:720px;margin:0 auto"><h1 style="font-size:20px">${escapeHtml(title)}</h1>
${sectionsOf(report).map(asHtml).join("\n")}
<p style="margin:24px 0 0;font-size:13px">Read it, or switch it off for this team: <a href="${url}">${url}</a></p>
</div></body></html>`;
  const text = sectionsOf(report).map(asText).join("\n\n");
  const foot = `Read it, or switch it off for this team: ${report.url}`;
  return { to: to.email, subject: title, text: `${title}\n\n${text}\n\n${foot}\n`, html };
}

const asText = ({ title, lines, table }: Section): string =>
  [
    title.toUpperCase(),
    ...lines,
    ...(table?.rows ?? []).map((cells) =>
      [cells[0]!, ...cells.slice(1).map((cell, i) => `${table!.head[i + 1]!.toLowerCase()} ${cell}`)].join(
        ", ",
      ),
    ),
  ].join("\n");
