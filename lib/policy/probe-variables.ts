/** How a variable is written, for messages. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is what people write
export const variableForm = '${NAME}';

/** A place in a text that begins with `${`. */
const variable = /\$\$\{|\$\{(?<name>[A-Z_][A-Z0-9_]*)\}|\$\{/g;

/** The names of the variables in a text, each once, and whether some `${` is neither a variable nor written `$${`. */
export function variablesIn(text: string): { readonly names: readonly string[]; readonly malformed: boolean } {
  const found = [...text.matchAll(variable)];
  const names = found.flatMap(({ groups }) => groups?.['name'] ?? []);
  return { names: [...new Set(names)], malformed: found.some(([sign, name]) => sign === '${' && name === undefined) };
}

/** A text with the value of each variable in its place, and `${` where `$${` stood. */
export function fillVariables(text: string, value: (name: string) => string): string {
  return text.replace(variable, (sign, name: string | undefined) => {
    if (name !== undefined) return value(name);
    return sign === '$${' ? '${' : sign;
  });
}
