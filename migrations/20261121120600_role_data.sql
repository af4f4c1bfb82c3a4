-- run as owner
-- The roles of CONTRACT and what they hold. `audit.system` (rows without a tenant) is the CEO's alone. `access.explain` is
-- reading; without it in the CEO's hands nobody could make an auditor, who has it, because nobody grants above their own.
INSERT INTO atalaya.permissions (permission)
SELECT noun || '.' || verb
FROM (VALUES
    ('audit', '{list,read,export,verify,review,system}'::text[]),
    ('reports', '{list,read,create,delete,export}'),
    ('tenants', '{list,read,create,update,suspend,archive}'),
    ('users', '{list,read,create,update,suspend,delete,approve}'),
    ('roles', '{list,read,create,update,delete,assign}'),
    ('sessions', '{list,read,end}'),
    ('operators', '{list,create,delete}'),
    ('leads', '{list,read,create,update,delete,export}'),
    ('credentials', '{list,create,update,delete,reveal,rotate}'),
    ('secrets', '{list,read,create,update,rotate,reveal,use}'),
    ('keys', '{list,create,update,delete}'),
    ('settings', '{read,update}'),
    ('api', '{run}'),
    ('log', '{seal}'),
    ('adoption', '{inspect,apply,finish}'),
    ('backups', '{list,create,restore}'),
    ('access', '{explain}')
) AS p (noun, verbs)
CROSS JOIN LATERAL unnest(p.verbs) AS verb;

INSERT INTO atalaya.roles (name, built_in, description) VALUES
    ('ceo', TRUE, 'Reads and lists everything, audits, runs tenants, people and roles; no secret or credential values'),
    ('admin', TRUE, 'Runs the people, sessions, leads and credentials of its tenants'),
    ('operator', TRUE, 'Runs secrets, keys, credentials, the API, adoption and backups'),
    ('auditor', TRUE, 'Reads and verifies the log, reports on it, changes nothing else'),
    ('secretary', TRUE, 'Works on the leads of its tenant and sees its people'),
    ('professional', TRUE, 'Works on the leads of its tenant'),
    ('setter', TRUE, 'Works on the leads of its tenant'),
    ('closer', TRUE, 'Works on the leads of its tenant');

-- A pattern stands for every permission that it matches in the closed list above, at the time of this migration.
INSERT INTO atalaya.role_permissions (role, permission)
SELECT DISTINCT h.role, p.permission
FROM (VALUES
    ('ceo', '{%.read,%.list,audit.%,reports.%,tenants.%,users.%,roles.%,sessions.%,operators.%,leads.%,settings.%,access.explain}'::text[]),
    ('admin', '{users.%,roles.list,roles.read,roles.assign,sessions.%,tenants.read,tenants.update,leads.%,credentials.list,credentials.create,credentials.update,credentials.delete,audit.list,audit.read}'),
    ('operator', '{credentials.%,secrets.%,keys.%,api.run,log.seal,settings.%,adoption.%,backups.%,audit.list,audit.read}'),
    ('auditor', '{audit.list,audit.read,audit.export,audit.verify,audit.review,reports.%,users.list,users.read,roles.list,roles.read,access.explain}'),
    ('secretary', '{leads.list,leads.read,leads.create,leads.update,users.list}'),
    ('professional', '{leads.list,leads.read,leads.create,leads.update}'),
    ('setter', '{leads.list,leads.read,leads.create,leads.update}'),
    ('closer', '{leads.list,leads.read,leads.create,leads.update}')
) AS h (role, patterns)
CROSS JOIN LATERAL unnest(h.patterns) AS pattern
JOIN atalaya.permissions p ON p.permission LIKE pattern;
