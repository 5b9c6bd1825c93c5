import { PageHeader } from "../../ui/page-header.tsx";

export const IncidentsPage = () => <PageHeader title="Incidents" />;
