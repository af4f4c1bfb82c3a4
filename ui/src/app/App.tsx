import { MantineProvider } from '@mantine/core'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { theme } from '../look/theme'
import { Gate } from './Gate'

export function App({ client }: { client: QueryClient }) {
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
        <Gate />
      </MantineProvider>
    </QueryClientProvider>
  )
}
