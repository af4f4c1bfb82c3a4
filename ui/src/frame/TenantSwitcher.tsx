import { Menu, TextInput, UnstyledButton } from '@mantine/core'
import { IconBuilding, IconCheck, IconSelector } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useScope } from '../app/scope'
import { useSession } from '../app/session'
import { visibleLine } from '../look/visible'
import css from './TenantSwitcher.module.css'

const manyTenants = 8

export function TenantSwitcher() {
  const { t } = useTranslation()
  const { session } = useSession()
  const { tenant, choose } = useScope()
  const [find, setFind] = useState('')
  if (session.tenants.length < 2) return null
  const wanted = find.trim().toLocaleLowerCase()
  const shown = session.tenants.filter((each) => each.name.toLocaleLowerCase().includes(wanted))
  const check = (on: boolean) => (on ? <IconCheck size="0.875rem" aria-hidden /> : null)
  return (
    <Menu width={260} position="bottom-start" onClose={() => setFind('')}>
      <Menu.Target>
        <UnstyledButton className={css.button} data-chosen={tenant !== null || undefined} data-testid="tenant-switcher">
          <IconBuilding size="0.875rem" aria-hidden />
          <span className="cut">{tenant ? visibleLine(tenant.name) : t('frame.allTenants')}</span>
          <IconSelector size="0.8125rem" aria-hidden className="dim" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {session.tenants.length > manyTenants && (
          <TextInput
            size="xs"
            mb={4}
            value={find}
            onChange={(event) => setFind(event.currentTarget.value)}
            placeholder={t('audit.filter.findTenant')}
            aria-label={t('audit.filter.findTenant')}
          />
        )}
        <div className={css.list}>
          <Menu.Item onClick={() => choose(null)} rightSection={check(tenant === null)} data-testid="tenant-all">
            {t('frame.allTenants')}
          </Menu.Item>
          <Menu.Divider />
          {shown.map((each) => (
            <Menu.Item
              key={each.id}
              onClick={() => choose(each.id)}
              rightSection={check(tenant?.id === each.id)}
              data-testid={`tenant-${each.id}`}
            >
              <bdi>{visibleLine(each.name)}</bdi>
              {each.status !== 'active' && (
                <span className="dim"> · {t(`frame.${each.status}`, { defaultValue: each.status })}</span>
              )}
            </Menu.Item>
          ))}
        </div>
      </Menu.Dropdown>
    </Menu>
  )
}
