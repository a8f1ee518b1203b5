/** Just enough of SVG and HTML to write elements as text, escaped. */
export type Svg = string;

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text content or an attribute's value, escaped. */
export function text(content: string): string {
  return content.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** `<name attribute="value">children</name>`; children are markup already. */
export function element(
  name: string,
  attributes: Record<string, string | number>,
  children: readonly string[] = [],
): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${text(String(value))}"`);
  return `<${name}${pairs.join('')}>${children.join('')}</${name}>`;
}
