import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/session'
import type { AuditEvent } from '../backend/types'
import { CopyId } from '../look/CopyId'
import { whole } from '../look/numbers'
import { beyond, exact } from '../look/times'
import { beginning, visible, visibleLine } from '../look/visible'
import { Changes } from './Changes'
import { Payload } from './Payload'
import { relatedTo } from './related'
import type { AuditAsk } from './useAuditQuery'
import { resourceName, tenantName } from './wording'
import css from './DetailPanel.module.css'

/** Of a message, in characters. */
const longest = 10_000

export function DetailBody({ event, ask }: { event: AuditEvent; ask: AuditAsk }) {
  const { t, i18n } = useTranslation()
  const { session } = useSession()
  const d = (key: string) => t(`audit.detail.${key}`)
  const none = <span className="dim">{d('none')}</span>
  const copyable = (value: string | null) => (value ? <CopyId value={value} /> : none)
  const plain = (value: string | null) => {
    if (!value) return none
    const start = beginning(value, longest)
    return (
      <>
        <bdi className={css.said}>{visible(start)}</bdi>
        {start.length < value.length && (
          <div className="dim">{t('search.detail.cutMessage', { n: whole(value.length, i18n.language) })}</div>
        )}
      </>
    )
  }
  const named = (group: string, value: string | null) =>
    value ? t(`audit.${group}.${value}`, { defaultValue: value }) : none
  const time = (at: string | null) => {
    if (!at) return none
    const strange = beyond(at)
    return (
      <>
        <div>{strange ? t(strange) : exact(at, i18n.language)}</div>
        <CopyId value={at} />
      </>
    )
  }
  return (
    <>
      {event.late && <div className={css.late}>{d('late')}</div>}
      <section className={css.group}>
        <h3 className={css.groupTitle}>{d('related')}</h3>
        <div className={css.related}>
          {relatedTo(event).map(({ name, query }) => (
            <Button
              key={name}
              variant="default"
              size="compact-sm"
              title={visibleLine(query)}
              onClick={() => ask.apply(query)}
              data-testid={`related-${name}`}
            >
              {t(`search.related.${name}`)}
            </Button>
          ))}
        </div>
      </section>
      {/* What was unfolded belongs to one event. */}
      <Changes key={`${event.occurred_at} ${event.id}`} event={event} />
      <Group title={d('what')}>
        <Field name={d('type')}>
          <CopyId value={event.event_type} />
        </Field>
        <Field name={d('message')}>{plain(event.message)}</Field>
        <Field name={d('resource')}>{copyable(resourceName(event))}</Field>
        <Field name={d('id')}>
          <CopyId value={event.id} />
        </Field>
        <Field name={d('request')}>{copyable(event.request_id)}</Field>
        {event.session_id && <Field name={t('search.detail.session')}>{copyable(event.session_id)}</Field>}
      </Group>
      <Group title={d('who')}>
        <Field name={d('actor')}>{copyable(event.actor_label)}</Field>
        <Field name={d('actorId')}>{copyable(event.actor_id)}</Field>
        <Field name={d('actorKind')}>{named('actorKind', event.actor_kind)}</Field>
        <Field name={d('dbUser')}>{copyable(event.db_user)}</Field>
      </Group>
      <Group title={d('where')}>
        <Field name={d('tenant')}>
          <bdi>{tenantName(t, event.tenant_id, session.tenants)}</bdi>
        </Field>
        <Field name={d('ip')}>{copyable(event.ip)}</Field>
        <Field name={d('origin')}>{named('origin', event.origin)}</Field>
      </Group>
      <Group title={d('when')}>
        <Field name={d('occurred')}>{time(event.occurred_at)}</Field>
        <Field name={d('recorded')}>{time(event.recorded_at)}</Field>
      </Group>
      <section className={css.group}>
        <div className={css.payloadHead}>
          <h3 className={css.groupTitle}>{d('payload')}</h3>
          {event.payload !== null && (
            <CopyButton value={event.payload} timeout={1500}>
              {({ copied, copy }) => (
                <Button
                  variant="subtle"
                  size="compact-xs"
                  onClick={copy}
                  aria-label={d('copyPayload')}
                  leftSection={
                    copied ? <IconCheck size="0.8125rem" aria-hidden /> : <IconCopy size="0.8125rem" aria-hidden />
                  }
                >
                  {t(copied ? 'copied' : 'copy')}
                </Button>
              )}
            </CopyButton>
          )}
        </div>
        {event.payload === null ? (
          <span className="dim">{d('noPayload')}</span>
        ) : (
          <Payload text={event.payload} label={d('payload')} />
        )}
      </section>
    </>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.group}>
      <h3 className={css.groupTitle}>{title}</h3>
      <dl className={css.fields}>{children}</dl>
    </section>
  )
}

function Field({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={css.field}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
