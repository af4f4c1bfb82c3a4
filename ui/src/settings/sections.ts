import {
  IconDatabase,
  IconInfoCircle,
  IconKey,
  IconLock,
  IconPalette,
  IconPlug,
  IconRadar2,
  IconUser,
  type Icon,
} from '@tabler/icons-react'

export const sections = [
  { id: 'profile', icon: IconUser },
  { id: 'connections', icon: IconPlug },
  { id: 'crm', icon: IconDatabase },
  { id: 'keychain', icon: IconKey },
  { id: 'lock', icon: IconLock },
  { id: 'appearance', icon: IconPalette },
  { id: 'findings', icon: IconRadar2 },
  { id: 'about', icon: IconInfoCircle },
] as const satisfies { id: string; icon: Icon }[]

export type Section = (typeof sections)[number]['id']

export const isSection = (value: string): value is Section => sections.some((section) => section.id === value)
