// What an inspection finds, and the steps of preparing a database.
export default {
  finding: {
    hash_unusable: {
      title: 'Passwords that cannot be used to sign in',
      text: 'The stored value is no recognisable hash. These people cannot sign in until they get a new password.',
    },
    hash_cheap: {
      title: 'Passwords protected with little effort',
      text: 'Their bcrypt cost is below 12. They are strengthened when each person signs in again.',
    },
    email_case_duplicates: {
      title: 'E-mail addresses that differ only by case',
      text: 'They may be the same person. They stay as they are; you decide which one remains.',
    },
    event_without_tenant: {
      title: 'Events without a tenant',
      text: 'They are kept as system events, seen only by those who audit everything. The tenant is never guessed.',
    },
    event_payload_not_object: {
      title: 'Events with data of another shape',
      text: 'Their content is a list or a bare value. It is kept as it is, but its fields cannot be filtered.',
    },
    event_ip_unreadable: {
      title: 'Events with an IP that is none',
      text: 'For example “unknown”. The original text is kept; the IP column stays empty.',
    },
    event_future: {
      title: 'Events dated in the future',
      text: 'They keep their date and are marked as suspicious.',
    },
    event_ancient: { title: 'Events dated before 2000', text: 'They keep their date.' },
    index_missing: {
      title: 'Documented indexes are missing',
      text: 'They are not there, or have another name. Adoption makes those that Atalaya needs.',
    },
    events_taken_along: {
      title: 'Deleting elsewhere takes events along',
      text: 'A foreign key of the log deletes or empties events. From now on a log keeps its events. Undoing gives the key back.',
    },
    credential_plaintext: {
      title: 'Unencrypted credentials',
      text: 'They are in plain text. Adoption does not change them; encrypt them afterwards.',
    },
    credential_not_a_token: {
      title: 'Credentials that look encrypted and are not',
      text: 'They begin like a Fernet token but are none. They stay as they are.',
    },
    user_without_tenant: {
      title: 'Users without a tenant',
      text: 'They get no rights until you assign one.',
    },
    role_unknown: {
      title: 'Roles that Atalaya does not know',
      text: 'These people keep their role in the CRM, but get no rights in Atalaya.',
    },
    role_superuser: {
      title: 'The database user is a superuser',
      text: 'Adoption refuses to work like that. Use an administrator with CREATEROLE.',
    },
    structure_conflict: {
      title: 'Something in the database stands in the way',
      text: 'The database has code or names of its own where Atalaya needs to be certain. Each line says what to remove or rename; then inspect again.',
    },
    missing_column: {
      title: 'A column is missing',
      text: 'The table lacks some of the documented columns of the CRM.',
    },
    extra_column: { title: 'Additional columns', text: 'They are not documented. They are kept unchanged.' },
    missing_table: { title: 'A table is missing', text: 'It will be created empty, in its documented shape.' },
    other_table_with_tenant: {
      title: 'Other tables with data per tenant',
      text: 'They belong to other modules. They stay as they are, without Atalaya’s row protection.',
    },
    occurred_at_missing: {
      title: 'Events without a date',
      text: 'Without a date they cannot be ordered. Their date must be decided before going on.',
    },
    constraint_missing: {
      title: 'A constraint is missing',
      text: 'The database does not prevent duplicates or broken references where the documentation asks for it.',
    },
    version_unsupported: {
      title: 'PostgreSQL version too old',
      text: 'Atalaya needs PostgreSQL 15 or newer.',
    },
    right_missing: {
      title: 'A right is missing',
      text: 'One of the two users cannot do what adoption needs. Put it right and inspect again.',
    },
    roles_of_another: {
      title: 'Another administrator made the roles of Atalaya on this server',
      text: 'Since PostgreSQL 16 CREATEROLE reaches one’s own roles alone. Let that administrator, or a superuser, run the statement below; then inspect again.',
    },
    connect_will_be_revoked: {
      title: 'Other users will no longer be able to connect',
      text: 'Today anybody on the server can open this database. Afterwards only authorised users and the CRM can.',
    },
    event_id_duplicates: {
      title: 'Events that share their number',
      text: 'Two events have the same id, so none can be told from the other. Give them numbers of their own, then inspect again.',
    },
    credential_duplicates: {
      title: 'Credentials of the same name in the same tenant',
      text: 'Only one can stay. The others are kept aside and come back if you undo the adoption.',
    },
    event_time_missing: {
      title: 'Events without a date',
      text: 'Without a date they have no place in the log. They are kept aside.',
    },
    event_time_column: {
      title: 'The log uses created_at instead of occurred_at',
      text: 'The column gets its documented name. Statements of the CRM that name created_at in the log will stop: change them to occurred_at.',
    },
    severity_unknown: {
      title: 'Severities that mean nothing here',
      text: 'The log knows info, warning and critical. The original word is kept aside.',
    },
    severity_other: {
      title: 'Severities by another name',
      text: 'They become info, warning or critical, also for what the CRM writes from now on. The original word is kept aside.',
    },
    tenant_dangling: {
      title: 'Events of tenants that do not exist',
      text: 'They belong to the system from now on. Their number is kept aside.',
    },
    credential_without_tenant: {
      title: 'Credentials without a tenant',
      text: 'They stay. Only those who see all tenants will see them.',
    },
    lead_without_tenant: {
      title: 'Leads without a tenant',
      text: 'They stay. Only those who see all tenants will see them.',
    },
    app_login: {
      title: 'The CRM also works through users that do not own its tables',
      text: 'They go on with the documented statements, like the owner; their rows are marked as the CRM’s. Undoing the adoption gives them their own rights back.',
    },
    app_login_partial: {
      title: 'Users that may be the CRM’s program',
      text: 'They may run the documented statements. If they go on, they gain what the owner keeps on tenants, users, leads and credentials.',
    },
    app_login_some: {
      title: 'Users that run some of the documented statements',
      text: 'What only writes events, or only reads, is often part of the CRM. If they go on, they gain what the owner keeps; if not, these statements stop.',
    },
    app_login_public: {
      title: 'Users that work here only because everybody may',
      text: 'They have no right of their own (PUBLIC has it), and nobody will work here for that reason any more. Those that are the CRM’s can go on like its owner.',
    },
    giver_lost: {
      title: 'Rights that somebody passed on',
      text: 'After undoing they are there again, but given by the owner: this administrator may not act as who gave them. With ADMIN on that user it could.',
    },
    app_login_unbound: {
      title: 'A user of the CRM that no rule would bind',
      text: 'It bypasses row security (BYPASSRLS), or uses none of its roles (NOINHERIT). Let a DBA change that, then inspect again.',
    },
    other_rights: {
      title: 'Other users have rights on these tables',
      text: 'They will lose them. Undoing the adoption gives them back.',
    },
    published_log: {
      title: 'The log is replicated through a publication',
      text: 'The log becomes a partitioned table, and its publication gets no new events. Let a DBA run ALTER PUBLICATION … ADD TABLE public.system_events afterwards.',
    },
    managed_server: {
      title: 'The server belongs to a hosting service',
      text: 'Its highest user is no superuser, and that is enough.',
    },
    dropped_column_rights: {
      title: 'A dropped column still carries rights',
      text: 'Postgres cannot take them away. Let a DBA copy the table into a new one, then inspect again.',
    },
    unknown: { title: 'Another finding', text: 'This version has no explanation for it.' },
  },
  statement: {
    event_insert: 'Writing an event (4.1)',
    log_read: 'Reading the log (4.4)',
    credential_upsert: 'Saving a credential with ON CONFLICT (tenant_id, name)',
    credential_update: 'Encrypting the credentials that are there (2.3)',
    leads_read: 'Reading leads by tenant (3.3)',
    rows_of_tables: 'Inserting, changing and deleting rows of tenants, users, leads and credentials',
    ddl: 'CREATE, ALTER or DROP when the program starts: let it skip that, or run it as a DBA',
    event_change: 'UPDATE or DELETE on system_events: a log is not changed; keep such marks in a table of your own',
    event_time_null: 'An explicit NULL for occurred_at: leave the column out',
    event_id_given: 'An id of the program’s own for an event: leave it out',
    event_on_conflict: 'ON CONFLICT (id) on system_events: a plain INSERT does the same',
    truncate: 'TRUNCATE: use DELETE',
    event_created_at: 'Statements that name created_at in system_events: write occurred_at',
    credential_same_name:
      'A second credential of the same name in a tenant: use ON CONFLICT (tenant_id, name) DO UPDATE',
  },
  choice: {
    app_login_partial: { admit: 'They are the CRM’s and go on', leave: 'They lose their rights here' },
    app_login_some: { admit: 'They are the CRM’s and go on', leave: 'They lose their rights here' },
    app_login_public: { admit: 'They are the CRM’s and go on', leave: 'They lose their rights here' },
    credential_duplicates: { newest: 'Keep the newest', oldest: 'Keep the oldest' },
    event_time_missing: { set_aside: 'Keep them aside' },
    event_time_column: { rename: 'Give the column its documented name' },
    severity_unknown: { info: 'They are informative', warning: 'They are warnings', critical: 'They are critical' },
  },
  findingSeverity: { info: 'Good to know', warning: 'To review', blocking: 'Prevents going on' },
  action: {
    keep: 'stays as it is',
    extend: 'gains columns',
    partition: 'is divided by month',
    leave: 'is not touched',
  },
  difference: { missing: '{{what}} is missing', extra: 'additional: {{what}}', type: 'other type: {{what}}' },
  lock: {
    none: 'does not notice',
    brief: 'waits for milliseconds',
    exclusive: 'writers wait while rows are read',
  },
  step: {
    find_binaries: 'Find PostgreSQL on this computer',
    make_cluster: 'Make the private data store',
    start: 'Start PostgreSQL',
    create_database: 'Create the database',
    roles: 'Create the access roles',
    ownership: 'Hand the tables to their new owner',
    prepare: 'Add columns while the CRM works',
    indexes: 'Index the existing events',
    migrations: 'Prepare the tables and their rules',
    legacy_login: 'Give the existing CRM just what it needs',
    backfill: 'Complete the existing events',
    grants: 'Turn roles into rights',
    verify: 'Check that nothing is missing',
    revert_logins: 'Shut the console’s logins',
    revert_indexes: 'Build the log’s own indexes again',
    revert: 'Give the tables back',
    revert_rights: 'Give the CRM’s users their rights back',
    finish_rights: 'End what the CRM’s users may do here',
    finish_logins: 'Take the CRM’s users out of their group',
    sample_data: 'Add the sample data',
    administrator: 'Create the first administrator',
    secrets: 'Generate and encrypt the secrets',
    secrets_skipped: 'Secrets that could not be opened; the kit’s event names them',
    kit: 'Activate the recovery kit',
    keychain: 'Put your key into the keychain',
  },
}
