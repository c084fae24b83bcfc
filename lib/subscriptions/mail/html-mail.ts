/** Text as HTML shows it. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const fonts =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Noto Sans', Cantarell, 'Liberation Sans', Arial, sans-serif";

/** Colours in pairs, light and dark; words on their ground meet WCAG AA. They are those of the page. */
const tones = {
  paper: ['#fdfcfa', '#131418'],
  ink: ['#1a1c21', '#eceae6'],
  soft: ['#595e68', '#a4a8b1'],
  rule: ['#e4e1db', '#2d3037'],
  link: ['#1f54b5', '#8fb5f8'],
  good: ['#17694a', '#62c89c'],
} as const;

export type Tone = keyof typeof tones;

/**
 * An element whose words have this colour: inline, because some readers drop style sheets, and by a class, so that the
 * style sheet can change it in the dark.
 */
export function toned(tag: string, tone: Tone, style: string, content: string): string {
  return `<${tag} class="${tone}" style="color: ${tones[tone][0]}; ${style}">${content}</${tag}>`;
}

/** A link in the colour of links. */
export function linked(url: string, content: string, style = ''): string {
  const link = `color: ${tones.link[0]};${style === '' ? '' : ` ${style}`}`;
  return `<a class="link" href="${escaped(url)}" style="${link}">${content}</a>`;
}

/** A link that is easy to hit with a thumb. */
export function button(url: string, content: string): string {
  const style = `display: inline-block; padding: 12px 20px; border-radius: 6px; background: ${tones.ink[0]}; color: ${tones.paper[0]}; font-weight: 600; text-decoration: none`;
  return `<p style="margin: 24px 0"><a class="button" href="${escaped(url)}" style="${style}">${content}</a></p>`;
}

/** A line across, between what belongs apart. */
export const rule = `<hr class="rule" style="margin: 24px 0; border: 0; border-top: 1px solid ${tones.rule[0]}">`;

/** A whole HTML mail: one column of at most 600 pixels, no images, nothing fetched from anywhere, light and dark. */
export function htmlMail({
  title,
  preview,
  body,
}: {
  readonly title: string;
  /** What lists of mails show beside the subject. */
  readonly preview: string;
  readonly body: string;
}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escaped(title)}</title>
<style>
${sheet()}
</style>
</head>
<body class="paper" style="margin: 0; padding: 0; background: ${tones.paper[0]}">
<div style="display: none; max-height: 0; overflow: hidden">${escaped(preview)}</div>
<div class="ink" style="box-sizing: border-box; max-width: 600px; margin: 0 auto; padding: 24px 20px; color: ${tones.ink[0]}; font: 16px/1.5 ${fonts}; overflow-wrap: anywhere">
${body}
</div>
</body>
</html>
`;
}

/** What cannot be said inline: the words of an update, whose tags carry no style, and the dark. */
function sheet(): string {
  return `:root { color-scheme: light dark }
.words p, .words ul, .words ol, .words pre { margin: 0 0 12px }
.words ul, .words ol { padding-left: 24px }
.words pre { white-space: pre-wrap }
.words code { font: 14px/1.5 ui-monospace, Menlo, Consolas, monospace }
.words a { color: ${tones.link[0]} }
@media (prefers-color-scheme: dark) {
.paper { background: ${tones.paper[1]} !important }
${(['ink', 'soft', 'link', 'good'] as const).map((tone) => `.${tone} { color: ${tones[tone][1]} !important }`).join('\n')}
.words a { color: ${tones.link[1]} !important }
.rule { border-top-color: ${tones.rule[1]} !important }
.button { background: ${tones.ink[1]} !important; color: ${tones.paper[1]} !important }
}`;
}
