/* The sources and variables of the template benchmark: what both sides evaluate. */

/** A broker's configuration of 60 lines, as a role would hold it. */
export const serverProperties = `# {{ ansible_managed }}
############################# Server Basics #############################
broker.id={{ broker_id }}
{% if kafka_rack %}
broker.rack={{ kafka_rack }}
{% endif %}

############################# Socket Server Settings #############################
listeners=PLAINTEXT://{{ ansible_host }}:{{ kafka_port }}
advertised.listeners=PLAINTEXT://{{ ansible_host }}:{{ kafka_port }}
{% if kafka_security | default(false) %}
security.inter.broker.protocol={{ kafka_security }}
{% endif %}
num.network.threads={{ kafka_network_threads | default(3) }}
num.io.threads={{ kafka_io_threads | default(8) }}
queued.max.requests={{ kafka_queued | default(500) }}
socket.send.buffer.bytes={{ kafka_send_buffer }}
socket.receive.buffer.bytes={{ kafka_receive_buffer }}
socket.request.max.bytes={{ 100 * 1024 * 1024 }}

############################# Log Basics #############################
log.dirs={{ kafka_log_dirs | join(',') }}
num.partitions={{ kafka_partitions }}
num.recovery.threads.per.data.dir={{ kafka_recovery_threads | default(1) }}
auto.create.topics.enable={{ kafka_auto_create | string | lower }}
delete.topic.enable={{ kafka_delete_topics | string | lower }}

############################# Internal Topic Settings  #############################
default.replication.factor={{ kafka_members | length }}
offsets.topic.replication.factor={{ kafka_members | length }}
transaction.state.log.replication.factor={{ kafka_members | length }}
transaction.state.log.min.isr={{ [kafka_members | length - 1, 1] | max }}
min.insync.replicas={{ [kafka_members | length - 1, 1] | max }}

############################# Log Retention Policy #############################
log.retention.hours={{ kafka_retention_hours }}
{% if kafka_retention_bytes is defined %}
log.retention.bytes={{ kafka_retention_bytes }}
{% endif %}
log.segment.bytes={{ 1024 ** 3 }}
log.retention.check.interval.ms={{ 5 * 60 * 1000 }}
log.cleaner.enable=true

############################# Zookeeper #############################
zookeeper.connect={% for host in zookeeper_members %}{{ host.address }}:{{ host.port }}{{ ',' if not loop.last }}{% endfor %}{{ zookeeper_chroot }}

zookeeper.connection.timeout.ms={{ zookeeper_timeout }}
zookeeper.session.timeout.ms={{ zookeeper_timeout * 3 }}

############################# Group Coordinator Settings #############################
group.initial.rebalance.delay.ms={{ 0 if kafka_members | length == 1 else 3000 }}

############################# Further settings #############################
{% for name, value in kafka_settings.items() %}
{{ name }}={{ value }}
{% endfor %}
{# what only some hosts have #}
{% if inventory_hostname in kafka_members %}
controlled.shutdown.enable=true
{% else %}
controlled.shutdown.enable=false
{% endif %}
`;

export const loopTemplate = `{% for row in rows %}
{{ loop.index }};{{ row.name }};{{ row.size * 2 }};{{ row.owner | default('nobody') }}
{% endfor %}
`;

/** The members of a group by one of their variables. */
export function hostvarsExpression(field: string): string {
	return `groups['kafka'] | map('extract', hostvars, '${field}') | join(',')`;
}

/** The variables of a task on one of some hosts, 60 for each, some of them templates. */
export function variablesOf(hosts: number): Record<string, unknown> {
	const names = Array.from({length: hosts}, (_, index) => `kafka${index + 1}`);
	const members = names.slice(0, 3);
	return {
		ansible_managed: 'Ansible managed',
		ansible_host: '192.168.10.101',
		inventory_hostname: 'kafka1',
		broker_id: 1,
		kafka_rack: 'r1',
		kafka_port: 9092,
		kafka_send_buffer: 102400,
		kafka_receive_buffer: 102400,
		kafka_log_dirs: ['/var/kafka/1', '/var/kafka/2'],
		kafka_partitions: 3,
		kafka_auto_create: false,
		kafka_delete_topics: true,
		kafka_members: members,
		kafka_retention_hours: 168,
		zookeeper_members: members.map((_, index) => ({address: `192.168.10.${101 + index}`, port: 2181})),
		zookeeper_chroot: '/kafka',
		zookeeper_timeout: 6000,
		kafka_settings: {
			'unclean.leader.election.enable': 'false',
			'compression.type': 'producer',
			'message.max.bytes': 1048588,
			'replica.fetch.max.bytes': 1048576,
		},
		rows: Array.from({length: 5000}, (_, index) => ({
			name: `row${index}`,
			size: index,
			...(index % 2 ? {owner: `user${index % 7}`} : {}),
		})),
		groups: {kafka: names, all: names},
		hostvars: Object.fromEntries(names.map((name, index) => [name, variablesOfHost(name, index)])),
	};
}

function variablesOfHost(name: string, index: number): Record<string, unknown> {
	const variables: Record<string, unknown> = {
		inventory_hostname: name,
		ansible_host: `10.0.${index >> 8}.${index & 255}`,
		endpoint: `PLAINTEXT://{{ '10.0.${index >> 8}.${index & 255}' }}:{{ kafka_port }}`,
	};
	for (let number = 0; number < 57; number++)
		variables[`setting_${number}`] = number % 5 ? (number % 3 ? `value ${number}` : number) : `{{ kafka_port }}-${number}`;
	return variables;
}

/** Expressions as playbooks have them, each different from all others and from those of other rounds. */
export function expressionsOf(count: number, round: number): string[] {
	return Array.from({length: count}, (_, index) => patterns[index % patterns.length]!(`${round}_${index}`));
}

const patterns: readonly ((n: string) => string)[] = [
	(n) => `result${n}.rc == 0`,
	(n) => `item_${n}.name`,
	(n) => `groups['kafka${n}'] | map('extract', hostvars, 'ansible_host') | join(',')`,
	(n) => `service${n} is defined and service${n}.enabled | default(true)`,
	(n) => `ansible_facts['os_family'] == 'Debian' and version${n} is not none`,
	(n) => `inventory_hostname in groups['group${n}']`,
	(n) => `'http://' ~ host${n} ~ ':' ~ (port${n} | default(8080) | string) ~ '/'`,
	(n) => `users${n} | selectattr('state', 'equalto', 'present') | map(attribute='name') | list`,
	(n) => `(memory${n} * 0.5) | round | int`,
	(n) => `result${n}.stdout_lines[1:3] | first`,
	(n) => `'yes' if flag${n} else 'no'`,
	(n) => `not (check${n} and other${n}) or value${n} > 3`,
	(n) => `{'name': name${n}, 'ports': [80, 443, port${n}]}`,
	(n) => `name${n}.split('.')[0] | upper | replace('A', 'B')`,
];
