-- run as owner
-- Recipients, secrets, versions and wraps. Metadata asks for secrets.list or .read; an age file asks for secrets.use or
-- .reveal where its secret lies (and is worth nothing without a recipient's identity). A version is never edited but for its
-- state, a wrap is made and removed, and whoever signed is checked by every reader, not here.
GRANT SELECT ON atalaya.recipients, atalaya.secrets, atalaya.secret_versions, atalaya.secret_wraps TO atalaya_operator, atalaya_api;
GRANT INSERT (id, kind, user_id, label, age_recipient, signing_key, signed_by, signature), UPDATE (removed_at)
    ON atalaya.recipients TO atalaya_operator, atalaya_api;
GRANT INSERT (id, tenant_id, name) ON atalaya.secrets TO atalaya_operator, atalaya_api;
GRANT INSERT (id, secret_id, version, state, fingerprint, strength, origin, signed_by, signature), UPDATE (state)
    ON atalaya.secret_versions TO atalaya_operator, atalaya_api;
GRANT INSERT (secret_version_id, recipient_id, ciphertext), DELETE ON atalaya.secret_wraps TO atalaya_operator, atalaya_api;

CREATE POLICY floor ON atalaya.recipients AS RESTRICTIVE FOR ALL TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.caller_id()) IS NOT NULL) WITH CHECK ((SELECT atalaya.caller_id()) IS NOT NULL);
-- Public keys and signatures: whoever works with secrets anywhere must be able to check them.
CREATE POLICY caller_read ON atalaya.recipients FOR SELECT TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('keys.list') OR cardinality(atalaya.tenants_where('keys.list') || atalaya.tenants_where('secrets.use')) > 0)
           OR user_id = (SELECT atalaya.caller_id()));
-- Recipients reach over tenants, so making and removing them asks for all.
CREATE POLICY caller_insert ON atalaya.recipients FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK ((SELECT atalaya.holds_all('keys.create')));
-- Removing is for good: who comes back is added, and signed, anew.
CREATE POLICY caller_update ON atalaya.recipients FOR UPDATE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('keys.delete'))) WITH CHECK (removed_at IS NOT NULL);

CREATE POLICY floor ON atalaya.secrets AS RESTRICTIVE FOR ALL TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]))
    WITH CHECK ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]));
CREATE POLICY caller_read ON atalaya.secrets FOR SELECT TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('secrets.list') OR atalaya.holds_all('secrets.read'))
           OR tenant_id = ANY ((SELECT atalaya.tenants_where('secrets.list') || atalaya.tenants_where('secrets.read'))::int[]));
CREATE POLICY caller_insert ON atalaya.secrets FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK ((SELECT atalaya.holds_all('secrets.create')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('secrets.create'))::int[]));

-- Versions and wraps have no tenant of their own: they follow their secret. The callers read secrets under row security, so
-- a secret out of reach is no row here.
CREATE POLICY floor ON atalaya.secret_versions AS RESTRICTIVE FOR ALL TO atalaya_operator, atalaya_api
    USING (EXISTS (SELECT FROM atalaya.secrets s WHERE s.id = secret_id))
    WITH CHECK (EXISTS (SELECT FROM atalaya.secrets s WHERE s.id = secret_id));
CREATE POLICY caller_read ON atalaya.secret_versions FOR SELECT TO atalaya_operator, atalaya_api
    USING (EXISTS (SELECT FROM atalaya.secrets s WHERE s.id = secret_id));
CREATE POLICY caller_insert ON atalaya.secret_versions FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK (EXISTS (SELECT FROM atalaya.secrets s WHERE s.id = secret_id
        AND ((SELECT atalaya.holds_all('secrets.create') OR atalaya.holds_all('secrets.rotate'))
             OR s.tenant_id = ANY ((SELECT atalaya.tenants_where('secrets.create') || atalaya.tenants_where('secrets.rotate'))::int[]))));
CREATE POLICY caller_update ON atalaya.secret_versions FOR UPDATE TO atalaya_operator, atalaya_api
    USING (EXISTS (SELECT FROM atalaya.secrets s WHERE s.id = secret_id
        AND ((SELECT atalaya.holds_all('secrets.update') OR atalaya.holds_all('secrets.rotate'))
             OR s.tenant_id = ANY ((SELECT atalaya.tenants_where('secrets.update') || atalaya.tenants_where('secrets.rotate'))::int[]))))
    WITH CHECK (TRUE);

CREATE POLICY floor ON atalaya.secret_wraps AS RESTRICTIVE FOR ALL TO atalaya_operator, atalaya_api
    USING (EXISTS (SELECT FROM atalaya.secret_versions v WHERE v.id = secret_version_id))
    WITH CHECK (EXISTS (SELECT FROM atalaya.secret_versions v WHERE v.id = secret_version_id));
CREATE POLICY caller_read ON atalaya.secret_wraps FOR SELECT TO atalaya_operator, atalaya_api
    USING (EXISTS (SELECT FROM atalaya.secret_versions v JOIN atalaya.secrets s ON s.id = v.secret_id
        WHERE v.id = secret_version_id
          AND ((SELECT atalaya.holds_all('secrets.use') OR atalaya.holds_all('secrets.reveal'))
               OR s.tenant_id = ANY ((SELECT atalaya.tenants_where('secrets.use') || atalaya.tenants_where('secrets.reveal'))::int[]))));
-- keys.create: a recipient that is added receives wraps of what is there.
CREATE POLICY caller_insert ON atalaya.secret_wraps FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK (EXISTS (SELECT FROM atalaya.secret_versions v JOIN atalaya.secrets s ON s.id = v.secret_id
        WHERE v.id = secret_version_id
          AND ((SELECT atalaya.holds_all('secrets.create') OR atalaya.holds_all('secrets.rotate') OR atalaya.holds_all('keys.create'))
               OR s.tenant_id = ANY ((SELECT atalaya.tenants_where('secrets.create') || atalaya.tenants_where('secrets.rotate'))::int[]))));
CREATE POLICY caller_delete ON atalaya.secret_wraps FOR DELETE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('keys.delete')));
