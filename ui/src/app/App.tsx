import { MantineProvider } from '@mantine/core'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { cssVariables, theme } from '../look/theme'
import { Gate } from './Gate'

export function App({ client }: { client: QueryClient }) {
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <Gate />
      </MantineProvider>
    </QueryClientProvider>
  )
}
