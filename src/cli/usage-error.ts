/** The command line cannot be understood: exit status 2, as argparse gives, or 5 where Ansible gives that. */
export class UsageError extends Error {
	/** What was perhaps meant. */
	readonly suggestion: string | undefined;
	constructor(message: string, suggestion?: string) {
		super(message);
		this.name = 'UsageError';
		this.suggestion = suggestion;
	}
}
