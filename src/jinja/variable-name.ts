/** Names that the template language has for itself. */
const reserved = new Set(['true', 'false', 'none', 'True', 'False', 'None', 'not']);

/** Whether a text can be the name of a variable (ansible/utils/vars.py `validate_variable_name`). */
export function isVariableName(text: string): boolean {
	return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !reserved.has(text);
}
