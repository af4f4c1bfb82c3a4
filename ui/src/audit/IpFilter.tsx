import { useTranslation } from 'react-i18next'
import { isAddress } from './address'
import { FilterChip } from './FilterChip'
import { TextFilterForm } from './TextFilterForm'

export function IpFilter({ ip, change }: { ip: string | null; change: (ip: string | null) => void }) {
  const { t } = useTranslation()
  return (
    <FilterChip name="ip" value={ip} clear={() => change(null)}>
      {(close) => (
        <TextFilterForm
          name="ip"
          start={ip ?? ''}
          label={t('audit.filter.ipLabel')}
          hint={t('audit.filter.ipHint')}
          fault={(text) => (isAddress(text) ? null : t('audit.filter.ipInvalid'))}
          apply={(text) => {
            change(text || null)
            close()
          }}
        />
      )}
    </FilterChip>
  )
}
